import { fail, failureOf, type Failure } from '../../../shared/domain/failure.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Delivery } from '../catalog/deliveries.ts';
import type { Destination, PutResult } from '../destinations/contract.ts';
import type { CommitQueue } from '../flow/commit-queue.ts';
import { nextKey, planDelivery } from '../planner/plan-delivery.ts';
import { planFailure, type FailurePlan } from '../planner/plan-failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { Random } from '../ports/random.ts';
import { FileSource } from './file-source.ts';
import { findSource } from './find-source.ts';
import { photoFacts } from './photo-facts.ts';
import { prove, readBack } from './prove.ts';
import { shownKey } from './shown-key.ts';

/** What a delivery needs. */
export interface DeliveryPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly fileSystem: FileSystem;
  readonly catalog: Catalog;
  readonly destination: Destination;
  readonly commits: CommitQueue;
  /** Number of the current run. */
  readonly run: number;
  /** Bytes that the destination took of this asset so far. */
  readonly onProgress: (assetId: number, bytes: number) => void;
}

export type Outcome =
  | { readonly result: 'uploaded' | 'alreadyBackedUp'; readonly key: string }
  | { readonly result: 'failed'; readonly failure: Failure; readonly plan: FailurePlan }
  | { readonly result: 'cancelled' };

/**
 * Brings one asset to one destination, or finds that it is there. Every step is recorded in the catalogue
 * before the next begins, so that it may be cut off anywhere and simply run again.
 */
export async function deliver(
  delivery: Delivery,
  ports: DeliveryPorts,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    return await attempt(delivery, ports, signal);
  } catch (error) {
    return recordFailure(delivery, failureOf(error), ports);
  }
}

async function attempt(
  delivery: Delivery,
  ports: DeliveryPorts,
  signal: AbortSignal,
): Promise<Outcome> {
  const { catalog, destination } = ports;
  await claimOwnTraces(delivery, ports, signal);
  const adopted = await adopt(delivery, ports, signal);
  if (adopted !== null) return adopted;

  const plan = planDelivery(delivery, []);
  for (let key: string | null = plan.key; key !== null; key = nextKey(delivery, key)) {
    const begun = await ports.commits.add(() => catalog.deliveries.begin(delivery, key));
    const uploaded = await upload(begun, key, ports, signal);
    if (uploaded !== 'taken') return uploaded;

    const verdict = await prove(destination, key, { ...delivery, tag: null }, signal);
    if (verdict.holds) {
      const shown = await shownKey(destination, key, signal);
      return await recordProof(begun, { ...verdict, key: shown, uploaded: false }, ports);
    }
    if (verdict.reason === 'missing') {
      throw fail(
        'conflict',
        'The destination refused the upload as existing, but does not show it.',
      );
    }
  }
  throw fail(
    'conflict',
    'Every name for this photo at the destination is taken by other content.',
    {
      hint: 'Move the files that do not belong to Cloudroll out of the destination.',
    },
  );
}

/**
 * An earlier attempt of this device may have come through without being recorded (its reply was lost, or the
 * process died). Its object is put on record before anything is sent again, so that it is either used or, if
 * another device's is to stay, given up properly.
 */
async function claimOwnTraces(
  delivery: Delivery,
  ports: DeliveryPorts,
  signal: AbortSignal,
): Promise<void> {
  const { catalog, clock, destination } = ports;
  const { assetId, destinationId, key } = delivery;
  const recorded = catalog.objects.ofAsset(assetId, destinationId);
  if (key === null || recorded.some((object) => object.key === key)) return;
  const verdict = await prove(destination, key, { ...delivery, tag: null }, signal);
  if (!verdict.holds) return;
  const shown = await shownKey(destination, key, signal);
  const proof = { key: shown, method: verdict.method, tag: verdict.tag };
  catalog.recordObject(destinationId, assetId, proof, clock.now());
}

/** Content that any device has recorded there is proven, not sent again; a record that proves wrong is dropped. */
async function adopt(
  delivery: Delivery,
  ports: DeliveryPorts,
  signal: AbortSignal,
): Promise<Outcome | null> {
  const { catalog, destination } = ports;
  for (;;) {
    const recorded = catalog.objects.ofAsset(delivery.assetId, delivery.destinationId);
    const plan = planDelivery(delivery, recorded);
    if (plan.action === 'upload') return null;
    const verdict = await prove(destination, plan.key, { ...delivery, tag: plan.tag }, signal);
    if (verdict.holds) {
      return await recordProof(delivery, { key: plan.key, ...verdict, uploaded: false }, ports);
    }
    catalog.recordLoss({ ...delivery, key: plan.key });
  }
}

/** Sends the bytes from the first place that still has them. */
async function upload(
  delivery: Delivery,
  key: string,
  ports: DeliveryPorts,
  signal: AbortSignal,
): Promise<Outcome | 'taken'> {
  const { catalog, destination } = ports;
  const place = await findSource(delivery.assetId, ports);
  const source = new FileSource(ports.fileSystem, `${place.rootPath}/${place.path}`, {
    ...delivery,
    modifiedMs: place.modifiedMs,
  });
  try {
    const result = await destination.put(
      key,
      source,
      {
        resume: {
          load: () => delivery.resumeToken ?? undefined,
          save: (token) => {
            catalog.deliveries.saveResumeToken(delivery, token ?? null);
          },
        },
        onProgress: (bytes) => {
          ports.onProgress(delivery.assetId, bytes);
        },
        photo: () => photoFacts(catalog, delivery),
      },
      signal,
    );
    return await confirm(delivery, result, ports, signal);
  } catch (error) {
    const failure = source.failure ?? failureOf(error);
    if (failure.code === 'conflict') return 'taken';
    if (failure.code === 'changed' || source.failure !== null) {
      catalog.files.readAgain(place.fileId, ports.clock.now());
      throw fail('changed', failure.message, { cause: error });
    }
    throw error;
  }
}

/** An upload counts only with evidence: the destination's own, or the stored bytes read back. */
async function confirm(
  delivery: Delivery,
  result: PutResult,
  ports: DeliveryPorts,
  signal: AbortSignal,
): Promise<Outcome> {
  const { key, tag, existed = false } = result;
  const uploaded = !existed;
  if (result.evidence !== null) {
    return await recordProof(delivery, { key, method: result.evidence, tag, uploaded }, ports);
  }
  const stored = await readBack(ports.destination, key, signal);
  if (stored.sha256 !== delivery.hash || stored.bytes !== delivery.bytes) {
    if (existed) {
      throw fail('corrupt', 'What the destination already held of this photo is damaged there.', {
        hint: 'Remove it there, then it is uploaded again.',
      });
    }
    await ports.destination.remove(key, signal);
    throw fail('corrupt', 'The destination gave back other bytes than were sent.', {
      hint: 'It is sent again; if this goes on, the connection or the destination is faulty.',
    });
  }
  return await recordProof(delivery, { key, method: 'read-back', tag, uploaded }, ports);
}

async function recordProof(
  delivery: Delivery,
  proof: Parameters<Catalog['recordProof']>[1],
  ports: DeliveryPorts,
): Promise<Outcome> {
  await ports.commits.add(() => {
    ports.catalog.recordProof(delivery, proof, ports.run, ports.clock.now());
  });
  return { result: proof.uploaded ? 'uploaded' : 'alreadyBackedUp', key: proof.key };
}

function recordFailure(delivery: Delivery, failure: Failure, ports: DeliveryPorts): Outcome {
  const { catalog, clock, random } = ports;
  if (failure.code === 'cancelled') {
    catalog.deliveries.putBack(delivery);
    return { result: 'cancelled' };
  }
  const attempts = delivery.attempts + 1;
  const plan = planFailure(failure, attempts, clock.now(), random.fraction());
  if (plan.stopDestination) catalog.deliveries.putBack(delivery);
  else catalog.deliveries.fail(delivery, failure, attempts, plan.retryMs);
  return { result: 'failed', failure, plan };
}
