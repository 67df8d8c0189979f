import { EventEmitter } from 'node:events';

import type { WebContents, WindowOpenHandlerResponse } from 'electron';

import { tellTest } from './link.ts';
import { closePortsOf, standInPorts, type PortHome } from './ports.ts';

type ContentsMethods = Pick<WebContents, 'send' | 'reload' | 'getURL'>;

/** A page of the browser as the main process has it. */
export class StandInContents extends EventEmitter implements ContentsMethods, PortHome {
  readonly id: number;
  openHandler: ((details: { url: string }) => WindowOpenHandlerResponse) | null = null;
  #url = '';

  constructor(id: number) {
    super();
    this.id = id;
  }

  send(channel: string, data?: unknown): void {
    tellTest({ type: 'toPage', window: this.id, channel, data, ports: [] });
  }

  postMessage(channel: string, data: unknown, transfer?: readonly unknown[]): void {
    const ports = standInPorts(transfer);
    tellTest({ type: 'toPage', window: this.id, channel, data, ports: ports.map(({ id }) => id) });
    for (const port of ports) port.moveTo(this);
  }

  reload(): void {
    tellTest({ type: 'reload', window: this.id });
  }

  getURL(): string {
    return this.#url;
  }

  setWindowOpenHandler(handler: (details: { url: string }) => WindowOpenHandlerResponse): void {
    this.openHandler = handler;
  }

  data(port: number, data: unknown): void {
    tellTest({ type: 'portData', port, data });
  }

  closed(port: number): void {
    tellTest({ type: 'portClosed', port });
  }

  /** The page went to an address: what the one before had is gone. */
  navigated(url: string): void {
    const isSameDocument = url.split('#')[0] === this.#url.split('#')[0];
    this.#url = url;
    if (!isSameDocument) closePortsOf(this);
    this.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument });
  }
}
