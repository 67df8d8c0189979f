import { EventEmitter } from 'node:events';

import type { MessagePortMain } from 'electron';

/** Where a port that was handed over lives: it is told what arrives for it. */
export interface PortHome {
  data(port: number, data: unknown): void;
  closed(port: number): void;
}

type PortMethods = Pick<MessagePortMain, 'postMessage' | 'start' | 'close'>;

const ports = new Map<number, StandInPort>();
let lastId = 0;

/** One end of a pipe. Messages wait until it is started, or until it has come to its new home. */
export class StandInPort extends EventEmitter implements PortMethods {
  readonly id: number;
  #peer: StandInPort | null = null;
  #home: PortHome | null = null;
  #started = false;
  #closed = false;
  readonly #queue: unknown[] = [];

  constructor() {
    super();
    lastId += 1;
    this.id = lastId;
    ports.set(this.id, this);
  }

  static pair(): readonly [StandInPort, StandInPort] {
    const one = new StandInPort();
    const other = new StandInPort();
    one.#peer = other;
    other.#peer = one;
    return [one, other];
  }

  static byId(id: number): StandInPort | undefined {
    return ports.get(id);
  }

  postMessage(message: unknown): void {
    if (!this.#closed) this.#peer?.receive(structuredClone(message));
  }

  start(): void {
    this.#started = true;
    this.#flush();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    ports.delete(this.id);
    this.#peer?.peerClosed();
  }

  /** It is handed over: its messages go there from now on. */
  moveTo(home: PortHome): void {
    this.#home = home;
    this.#flush();
  }

  livesIn(home: PortHome): boolean {
    return this.#home === home;
  }

  /** Something was sent to it. */
  receive(data: unknown): void {
    this.#queue.push(data);
    this.#flush();
  }

  peerClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    ports.delete(this.id);
    if (this.#home === null) this.emit('close');
    else this.#home.closed(this.id);
  }

  #flush(): void {
    if (this.#home === null && !this.#started) return;
    for (const data of this.#queue.splice(0)) {
      if (this.#home === null) this.emit('message', { data, ports: [] });
      else this.#home.data(this.id, data);
    }
  }
}

/** The home is gone, with all that lived in it. */
export function closePortsOf(home: PortHome): void {
  for (const port of [...ports.values()]) if (port.livesIn(home)) port.close();
}

/** Electron's class of that name. */
export class StandInMessageChannel {
  readonly port1: StandInPort;
  readonly port2: StandInPort;

  constructor() {
    [this.port1, this.port2] = StandInPort.pair();
  }
}

/** The ports of the stand-in among what is to be handed over. */
export function standInPorts(transfer: readonly unknown[] = []): readonly StandInPort[] {
  return transfer.map((port) => {
    if (port instanceof StandInPort) return port;
    throw new TypeError('Only a MessagePortMain can be handed over.');
  });
}
