/** An event that a listener may hold back. */
export class Preventable {
  #prevented = false;

  get prevented(): boolean {
    return this.#prevented;
  }

  readonly preventDefault = (): void => {
    this.#prevented = true;
  };
}
