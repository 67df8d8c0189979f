import { MemoryDestination } from '../support/destinations/memory-destination.ts';
import { MemoryStore } from '../support/destinations/memory-store.ts';
import { destinationContract } from './destination-contract.ts';

destinationContract('memory destination', () => {
  const store = new MemoryStore();
  return Promise.resolve({
    manyObjects: 1500,
    open: () =>
      Promise.resolve(
        new MemoryDestination({ store, resumable: true, readBack: true, totalBytes: 2 ** 30 }),
      ),
  });
});

destinationContract('memory destination without conditions or hashes', () => {
  const store = new MemoryStore();
  return Promise.resolve({
    open: () =>
      Promise.resolve(new MemoryDestination({ store, createOnly: 'checked', serverHash: [] })),
  });
});
