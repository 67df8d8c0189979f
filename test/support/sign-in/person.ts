/** Longest chain of pages from the provider back to the app. */
const mostPages = 30;

/** The last page that a person saw. */
export interface LastPage {
  readonly address: string;
  readonly status: number;
  readonly text: string;
}

/** A browser of few means, with cookies: goes where the provider's pages lead. */
class Visit {
  readonly #cookies = new Map<string, string>();

  async open(address: string, form?: Readonly<Record<string, string>>): Promise<LastPage> {
    let next = { address, form };
    for (let page = 0; page < mostPages; page += 1) {
      const response = await fetch(next.address, {
        redirect: 'manual',
        headers: {
          cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          'accept-language': 'ko-KR,ko;q=0.9,en;q=0.8',
        },
        ...(next.form === undefined
          ? {}
          : { method: 'POST', body: new URLSearchParams(next.form) }),
      });
      for (const cookie of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=', 2);
        this.#cookies.set(name, value);
      }
      const to = response.headers.get('location');
      const text = await response.text();
      if (to === null) return { address: next.address, status: response.status, text };
      next = { address: new URL(to, next.address).href, form: undefined };
    }
    throw new Error('the pages lead nowhere');
  }
}

/** Opens the page of a sign-in, signs in under a name and allows what is asked for. */
export async function signInAs(name: string, address: string): Promise<LastPage> {
  const visit = new Visit();
  let page = await visit.open(address);
  const form = { login: name, password: 'any' };
  for (let step = 0; page.text.includes('name="prompt"'); step += 1) {
    if (step > 5) throw new Error('the provider asks for ever');
    const prompt = /name="prompt" value="(\w+)"/u.exec(page.text)?.[1] ?? '';
    const action = /action="([^"]+)"/u.exec(page.text)?.[1] ?? '';
    const to = new URL(action, page.address).href;
    page = await visit.open(to, prompt === 'login' ? { prompt, ...form } : { prompt });
  }
  return page;
}

/** Opens the page of a sign-in and says no. */
export async function refuseSignIn(address: string): Promise<LastPage> {
  const visit = new Visit();
  const page = await visit.open(address);
  return visit.open(`${page.address}/abort`);
}
