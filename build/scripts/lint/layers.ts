/**
 * Which part of the repository may import which: the one table behind the lint rule `layers` and the
 * picture in ARCHITECTURE.md.
 */
export interface Layer {
  readonly name: string;
  /** Files of this layer, relative to the repository; the first layer that matches a file has it. */
  readonly files: RegExp;
  /** Other layers it may import. A layer may import itself, unless `apart`. */
  readonly imports: readonly string[];
  /** Files of one folder may import each other, but not those of a folder beside it. */
  readonly apart?: RegExp;
  /** Node's own modules (`node:…`). */
  readonly node: boolean;
  /** npm packages; absent: all but Electron. */
  readonly packages?: readonly string[];
}

const DESTINATION_BASE = [
  ...['destination contract', 'destination parts', 'ports', 'secrets contract', 'shared'],
];

const ENGINE_PARTS = [
  ...['ports', 'engine ports', 'planner', 'transfer', 'hashing', 'journal', 'catalogue'],
  ...['secrets contract', 'secrets', 'logging', 'flow', 'publish', 'engine', 'raw path'],
];

export const LAYERS: readonly Layer[] = [
  {
    name: 'shared',
    files: /^shared\//u,
    imports: [],
    node: false,
    packages: ['zod', '@photostructure/tz-lookup'],
  },
  { name: 'renderer', files: /^renderer\//u, imports: ['shared'], node: false },
  {
    name: 'preload',
    files: /^electron\/preload\//u,
    imports: ['shared'],
    node: false,
    packages: ['electron'],
  },
  {
    name: 'main',
    files: /^electron\/main\//u,
    // The engine runs in a process of its own: here are only the log, where the data lies, and names of files.
    imports: ['shared', 'logging', 'data directory path', 'raw path'],
    node: true,
    packages: ['*'],
  },
  {
    name: 'raw path',
    files: /^electron\/engine\/scan\/raw-path\.ts$/u,
    imports: [],
    node: true,
    packages: [],
  },
  {
    name: 'data directory path',
    files: /^electron\/hosts\/cli\/session\/data-directory-path\.ts$/u,
    imports: [],
    node: true,
    packages: [],
  },
  {
    name: 'hosts',
    files: /^electron\/hosts\//u,
    imports: [
      'shared',
      'data directory path',
      ...ENGINE_PARTS,
      'destination contract',
      'destination parts',
      'destination registry',
      'destination decorators',
      'destination validation',
    ],
    node: true,
  },
  {
    name: 'ports',
    files: /^electron\/engine\/ports\//u,
    imports: ['shared', 'destination contract'],
    node: false,
    packages: [],
  },
  {
    name: 'engine ports',
    files: /^electron\/engine\/engine-ports\.ts$/u,
    imports: ['shared', 'ports', 'catalogue', 'logging', 'destination contract'],
    node: false,
    packages: [],
  },
  {
    name: 'flow',
    files: /^electron\/engine\/flow\//u,
    imports: ['shared', 'ports'],
    node: false,
    packages: [],
  },
  {
    name: 'planner',
    files: /^electron\/engine\/planner\//u,
    imports: ['shared', 'ports', 'destination contract'],
    node: false,
    packages: [],
  },
  {
    name: 'transfer',
    files: /^electron\/engine\/transfer\//u,
    imports: [
      'shared',
      'ports',
      'destination contract',
      'planner',
      'engine ports',
      'flow',
      'hashing',
      'journal',
      'catalogue',
    ],
    node: false,
    packages: ['zod'],
  },
  {
    name: 'publish',
    files: /^electron\/engine\/publish\//u,
    imports: [
      ...['shared', 'ports', 'destination contract', 'planner', 'transfer', 'engine ports'],
      ...['flow', 'catalogue'],
    ],
    node: false,
    packages: [],
  },
  { name: 'hashing', files: /^electron\/engine\/hashing\//u, imports: ['shared'], node: true },
  {
    name: 'journal',
    files: /^electron\/engine\/journal\//u,
    imports: ['shared', 'ports', 'hashing', 'destination contract'],
    node: true,
  },
  {
    name: 'catalogue',
    files: /^electron\/engine\/catalog\//u,
    imports: ['shared', 'ports', 'hashing', 'journal', 'logging'],
    node: true,
  },
  {
    name: 'secrets contract',
    files: /^electron\/engine\/secrets\/secrets\.ts$/u,
    imports: ['shared'],
    node: false,
    packages: [],
  },
  {
    name: 'secrets',
    files: /^electron\/engine\/secrets\//u,
    imports: ['shared', 'ports', 'secrets contract'],
    node: true,
  },
  {
    name: 'logging',
    files: /^electron\/engine\/logging\//u,
    imports: ['shared', 'ports'],
    node: true,
  },
  {
    name: 'destination contract',
    files: /^electron\/engine\/destinations\/(?:contract|publisher)\.ts$/u,
    imports: ['shared', 'ports'],
    node: false,
    packages: [],
  },
  {
    name: 'destination registry',
    files: /^electron\/engine\/destinations\/registry\.ts$/u,
    imports: [...DESTINATION_BASE, 'destination', 'destination decorators', 'logging'],
    node: true,
  },
  {
    name: 'destination decorators',
    files: /^electron\/engine\/destinations\/decorators\//u,
    imports: DESTINATION_BASE,
    node: false,
  },
  {
    name: 'destination validation',
    files: /^electron\/engine\/destinations\/validation\//u,
    imports: DESTINATION_BASE,
    node: true,
  },
  {
    name: 'destination parts',
    files: /^electron\/engine\/destinations\/(?:common\/.+|[^/]+)$/u,
    imports: ['shared', 'ports', 'destination contract', 'secrets contract', 'logging'],
    node: true,
  },
  {
    name: 'destination',
    files: /^electron\/engine\/destinations\/[^/]+\//u,
    imports: DESTINATION_BASE,
    apart: /^electron\/engine\/destinations\/[^/]+\//u,
    node: true,
  },
  {
    name: 'engine',
    files: /^electron\/engine\//u,
    imports: [
      ...['shared', ...ENGINE_PARTS, 'destination contract', 'destination parts'],
      ...['destination registry', 'destination decorators', 'destination validation'],
    ],
    node: true,
  },
];

/** The layer of a file of the repository; undefined for tests and tools, which may import anything. */
export function layerOf(file: string): Layer | undefined {
  return LAYERS.find(({ files }) => files.test(file));
}

/**
 * Why a file may not import what it names; null where it may.
 *
 * @param file the importing file, relative to the repository, with `/`
 * @param target what it imports: a file relative to the repository, `node:…` or the name of a package
 */
export function importViolation(file: string, target: ImportTarget): string | null {
  const layer = layerOf(file);
  if (layer === undefined) return null;
  switch (target.kind) {
    case 'node':
      return layer.node ? null : `${layer.name} must not use Node's own modules`;
    case 'package':
      return mayUsePackage(layer, target.name)
        ? null
        : `${layer.name} must not use the package ${target.name}`;
    case 'file':
      return fileViolation(layer, file, target.path);
  }
}

export type ImportTarget =
  | { readonly kind: 'node' }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string };

function mayUsePackage(layer: Layer, name: string): boolean {
  if (layer.packages === undefined) return name !== 'electron';
  return layer.packages.includes('*') || layer.packages.includes(name);
}

function fileViolation(layer: Layer, file: string, path: string): string | null {
  const other = layerOf(path);
  if (other === undefined)
    return `${layer.name} must not import ${path}, which is no part of the product`;
  if (other.name !== layer.name) {
    return layer.imports.includes(other.name)
      ? null
      : `${layer.name} must not import ${other.name}`;
  }
  if (layer.apart === undefined) return null;
  const same = layer.apart.exec(file)?.[0] === layer.apart.exec(path)?.[0];
  return same ? null : `one ${layer.name} must not import another`;
}
