import { z } from 'zod';

import { failureSchema } from './failure-schema.ts';

/** A text in every language of the product. */
export const localizedTextSchema = z.strictObject({ en: z.string(), ko: z.string() });
export type LocalizedText = z.infer<typeof localizedTextSchema>;

/** One field of the form for a kind of destination. */
export const destinationFieldSchema = z.strictObject({
  /** Unique in its kind. */
  name: z.string(),
  label: localizedTextSchema,
  help: localizedTextSchema.nullable(),
  /**
   * `folder` is chosen in a dialog; `secret` goes to the keychain and is never shown again; `signIn` is a
   * button that signs in with the browser, its value the id of a sign-in that succeeded.
   */
  type: z.enum(['text', 'folder', 'secret', 'choice', 'signIn']),
  required: z.boolean(),
  placeholder: z.string(),
  /** Only for `choice`. */
  choices: z.array(z.strictObject({ value: z.string(), label: localizedTextSchema })),
});
export type DestinationField = z.infer<typeof destinationFieldSchema>;

/** Where a card stands among the others; they are shown in this order. */
export const destinationGroups = ['computer', 'clouds', 'objects', 'server', 'publish'] as const;
export type DestinationGroup = (typeof destinationGroups)[number];

/**
 * What a destination is for. `backup`: it keeps photos and proves it. `publish`: it only shows them; nothing
 * there ever counts as backed up, and it is worked for only beside at least one backup.
 */
export const destinationRoles = ['backup', 'publish'] as const;
export type DestinationRole = (typeof destinationRoles)[number];

/** A kind of destination as a card and a form; providers that share a kind are cards of their own. */
export const destinationCardSchema = z.strictObject({
  /** e.g. `file`, `s3`, `s3:ncloud`. */
  id: z.string(),
  title: localizedTextSchema,
  description: localizedTextSchema,
  /** Name of an icon of the window. */
  icon: z.string(),
  group: z.enum(destinationGroups),
  role: z.enum(destinationRoles),
  /** Where the provider shows keys and buckets; an https address. */
  console: z.string().nullable(),
  fields: z.array(destinationFieldSchema),
});
export type DestinationCard = z.infer<typeof destinationCardSchema>;

/** What a person filled in. */
export const destinationDraftSchema = z.strictObject({
  card: z.string().max(100),
  /** Name for people; empty lets the product choose one. */
  name: z.string().max(100),
  /** By field name, without secrets. */
  values: z.record(z.string().max(100), z.string().max(32_768)),
  /** By field name. They go straight to the keychain. */
  secrets: z.record(z.string().max(100), z.string().max(10_000)),
});
export type DestinationDraft = z.infer<typeof destinationDraftSchema>;

/** How a test of a connection went, step by step. */
export const testStepSchema = z.strictObject({
  /** What is tried, a stable word: `reach`, `write`, `read`, `list`, `prove`, `remove` … */
  step: z.string(),
  state: z.enum(['running', 'passed', 'failed', 'skipped']),
  failure: failureSchema.nullable(),
});
export type TestStep = z.infer<typeof testStepSchema>;

export const destinationHealths = [
  'unknown',
  'ok',
  'offline',
  'signIn',
  'full',
  'readOnly',
  'failing',
] as const;

/**
 * A destination and how it stands. `verified + waiting + failed` is the number of photos meant for it; at one
 * that only shows photos `published + skipped + waiting + failed` is.
 */
export const destinationStatusSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** As in the command line; holds no secret. */
  url: z.string(),
  card: z.string(),
  icon: z.string(),
  /**
   * At a `publish` destination nothing is ever verified: `verified` and `verifiedBytes` are 0, and it cannot be
   * verified, rebuilt or restored from.
   */
  role: z.enum(destinationRoles),
  health: z.enum(destinationHealths),
  /** Why it is not well. */
  failure: failureSchema.nullable(),
  /** Photos and videos that it has proven to hold. */
  verified: z.int().nonnegative(),
  waiting: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  /** Photos and videos that were handed over to a `publish` destination to show them; 0 at a backup. */
  published: z.int().nonnegative(),
  /** Photos and videos that a `publish` destination does not take, for their format or size; 0 at a backup. */
  skipped: z.int().nonnegative(),
  /** Bytes of all files that it has proven to hold, sidecars included. */
  verifiedBytes: z.number().nonnegative(),
  waitingBytes: z.number().nonnegative(),
  /** Milliseconds since 1970. */
  lastVerifiedMs: z.number().nullable(),
  /** Bytes a second over the last seconds; null while nothing is sent. */
  rate: z.number().nonnegative().nullable(),
  /** Milliseconds until all is there at this rate; null where it cannot be told. */
  remainingMs: z.number().nonnegative().nullable(),
  /** Space of the account or volume, bytes; null where it is not known. */
  quota: z
    .strictObject({
      usedBytes: z.number().nonnegative(),
      /** Null where there is no limit, or none is told. */
      totalBytes: z.number().nonnegative().nullable(),
    })
    .nullable(),
  /** A verification that is running. */
  verifying: z
    .strictObject({ done: z.int().nonnegative(), total: z.int().nonnegative() })
    .nullable(),
});
export type DestinationStatus = z.infer<typeof destinationStatusSchema>;

/** What a verification found. */
export const verifyReportSchema = z.strictObject({
  checked: z.int().nonnegative(),
  /** Objects whose bytes were read and hashed. */
  read: z.int().nonnegative(),
  missing: z.int().nonnegative(),
  damaged: z.int().nonnegative(),
});
export type VerifyReport = z.infer<typeof verifyReportSchema>;
