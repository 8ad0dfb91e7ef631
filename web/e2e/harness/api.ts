import { newId } from '@ruhu/api'
import { PASSWORD } from './server'

/** One person's session with the API. Used to prepare what a test needs, and to send what no screen would send. */
export class Client {
  private cookie = ''
  constructor(readonly base: string) {}

  static async login(base: string, account: string, password = PASSWORD): Promise<Client> {
    const c = new Client(base)
    await c.ok('POST', '/session', { account, password })
    return c
  }

  /** What identifies the session, for requests that are made another way. */
  get cookieHeader(): string {
    return this.cookie
  }

  /** Sends one request; a string or bytes go as they are, anything else as JSON. */
  async send(method: string, path: string, body?: unknown, type?: string): Promise<Response> {
    const raw = typeof body === 'string' || body instanceof Uint8Array
    const headers: Record<string, string> = { Accept: 'application/json' }
    if (this.cookie) headers.Cookie = this.cookie
    if (body !== undefined) headers['Content-Type'] = type ?? (raw ? 'application/octet-stream' : 'application/json')
    const r = await fetch(this.base + '/api/v1' + path, {
      method,
      headers,
      body: body === undefined ? undefined : raw ? (body as BodyInit) : JSON.stringify(body),
    })
    const set = r.headers.getSetCookie()[0]
    if (set) this.cookie = set.split(';')[0] ?? ''
    return r
  }

  /** Sends and expects success; gives the answer's JSON. */
  async ok<T = unknown>(method: string, path: string, body?: unknown, type?: string): Promise<T> {
    const r = await this.send(method, path, body, type)
    const text = await r.text()
    if (!r.ok) throw new Error(`${method} ${path}: ${r.status} ${text.slice(0, 600)}`)
    return (text ? JSON.parse(text) : undefined) as T
  }
}

export interface Person {
  account: string
  name: string
  role: string
  region_code: string
  home_village?: string
  from_county?: boolean
  unit?: string
}

/** Makes an account as the county office would. Gives its id. */
export async function makeAccount(admin: Client, p: Person): Promise<string> {
  const id = newId()
  await admin.ok('PUT', `/accounts/${id}`, {
    home_village: '',
    from_county: false,
    unit: '',
    disabled: false,
    password: PASSWORD,
    ...p,
  })
  return id
}
