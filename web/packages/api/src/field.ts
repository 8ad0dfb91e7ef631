// What the phone asks of the server. The phone must tell "no network" from "refused", can't wait for ever, and keeps what it
// has by ETag, so these calls do not go through `call`.
import { ApiError, headersOf, problem, url } from './client'
import type {
  DeviceReport,
  Envelope,
  FieldQuery,
  FieldPackage,
  QuizAttempt,
  QuizMark,
  Receipt,
  Said,
  Sent,
  SyncEarlier,
  SyncHave,
  SyncManifest,
  SyncPulled,
  SyncSend,
} from './types.gen'
import type { SyncAnswer, SyncFile, SyncPull, SyncWelcome } from './types.gen'

export type {
  DeviceReport,
  FieldAssignment,
  FieldComment,
  FieldHousehold,
  FieldMember,
  FieldPackage,
  FieldQuery,
  PIN,
  PlaybookText,
  QuizAttempt,
  QuizMark,
  Ruling,
  Said,
  Receipt,
  Sent,
  SentSecond,
  Sight,
  SmallPicture,
  SyncAnswer,
  SyncEarlier,
  SyncFile,
  SyncForm,
  SyncHave,
  SyncHead,
  SyncManifest,
  SyncPull,
  SyncPulled,
  SyncSend,
  SyncWelcome,
  Whereabouts,
} from './types.gen'

/** The network. Tests put another one in its place. */
export type Transport = (address: string, init: RequestInit) => Promise<Response>

let transport: Transport = (address, init) => fetch(address, init)

export function setTransport(t: Transport): void {
  transport = t
}

/** No answer of the server's: no network, the server is down, or something in between answered for it. */
export function isOffline(e: unknown): boolean {
  return e instanceof ApiError && (e.status === 0 || e.code.startsWith('web.status_5'))
}

async function ask(path: string, init: RequestInit & { patience?: number } = {}): Promise<Response> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), init.patience ?? 60_000)
  let response: Response
  try {
    response = await transport(url(path), {
      credentials: 'same-origin',
      cache: 'no-store',
      ...init,
      headers: { ...headersOf(), ...(init.headers as Record<string, string> | undefined) },
      signal: stop.signal,
    })
    // The whole of it, under the same patience: a body that stops coming is no network either.
    const body = await response.arrayBuffer()
    const { status, statusText, headers } = response
    response = new Response(body.byteLength > 0 ? body : null, { status, statusText, headers })
  } catch {
    throw new ApiError('web.offline', '', 0)
  } finally {
    clearTimeout(timer)
  }
  if (!response.ok && response.status !== 304) throw await problem(response)
  return response
}

/** An answer that is not what it should be comes from something in between. */
async function read<T>(body: Promise<T>): Promise<T> {
  try {
    return await body
  } catch {
    throw new ApiError('web.offline', '', 0)
  }
}

const seg = encodeURIComponent

/** Compressed where the browser can (Chrome 80); as it is otherwise, and when it would not get shorter. */
export async function squeeze(bytes: Uint8Array): Promise<{ body: Uint8Array; encoding: 'gzip' | null }> {
  if (typeof CompressionStream !== 'function' || bytes.length < 200) return { body: bytes, encoding: null }
  const packed = new Uint8Array(
    await new Response(
      new Blob([bytes.slice()]).stream().pipeThrough(new CompressionStream('gzip') as unknown as TransformStream),
    ).arrayBuffer(),
  )
  return packed.length < bytes.length * 0.95 ? { body: packed, encoding: 'gzip' } : { body: bytes, encoding: null }
}

/** Sends JSON, compressed. */
async function tell<T>(path: string, value: unknown, patience?: number): Promise<T> {
  const { body, encoding } = await squeeze(new TextEncoder().encode(JSON.stringify(value)))
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  if (encoding) headers['Content-Encoding'] = encoding
  const r = await ask(path, { method: 'POST', body: body as BodyInit, headers, patience })
  if (r.status === 204) return undefined as T
  return read(r.json() as Promise<T>)
}

// The sync protocol, docs/sync.md. `patience` is how long an answer may take, in ms.
/** A turn of a query (请示); it may be sent again. */
export const say = (said: Said): Promise<FieldQuery> => tell('/field/queries', said)

/** An attempt at the quiz, marked by the server; it may be sent again. */
export const attempt = (a: QuizAttempt): Promise<QuizMark> => tell('/field/training', a)

export const hello = (report: DeviceReport): Promise<SyncWelcome> => tell('/field/sync/hello', report)

/** The county's public key, to which the phone wraps its data key. */
export const officeKey = async (): Promise<{ id: string; point: string }> =>
  read((await ask('/field/sync/key')).json() as Promise<{ id: string; point: string }>)

export const have = async (files: SyncFile[], patience?: number): Promise<SyncHave[]> =>
  (await tell<{ items: SyncHave[] }>('/field/sync/have', { files }, patience)).items

/** One piece of a file. `form`: it is a form that waits for `sendForms`, not a picture. */
export async function part(
  p: { sha256: string; offset: number; size: number; form: boolean; bytes: Uint8Array },
  patience?: number,
): Promise<SyncHave> {
  const { body, encoding } = await squeeze(p.bytes)
  const headers: Record<string, string> = { 'Content-Type': 'application/octet-stream' }
  if (encoding) headers['Content-Encoding'] = encoding
  const q = new URLSearchParams({ offset: String(p.offset), size: String(p.size) })
  if (p.form) q.set('form', '1')
  const r = await ask(`/field/sync/parts/${seg(p.sha256)}?${q}`, {
    method: 'PUT',
    body: body as BodyInit,
    headers,
    patience,
  })
  return read(r.json() as Promise<SyncHave>)
}

export const sendForms = async (send: SyncSend, patience?: number): Promise<SyncAnswer[]> =>
  (await tell<{ items: SyncAnswer[] }>('/field/sync/forms', send, patience)).items

export async function sent(cursor: string): Promise<{ items: Sent[]; next: string }> {
  const q = new URLSearchParams({ limit: '200', ...(cursor ? { cursor } : {}) })
  return read((await ask(`/field/sync/sent?${q}`)).json() as Promise<{ items: Sent[]; next: string }>)
}

/** null when nothing has changed since the one with this ETag. */
export async function manifest(etag: string | null): Promise<{ body: SyncManifest; etag: string | null } | null> {
  const r = await ask('/field/sync/manifest', { headers: etag ? { 'If-None-Match': etag } : {} })
  if (r.status === 304) return null
  return { body: await read(r.json() as Promise<SyncManifest>), etag: r.headers.get('ETag') }
}

export const pull = (want: SyncPull, patience?: number): Promise<SyncPulled> => tell('/field/sync/pull', want, patience)

/**
 * A page of what earlier rounds saw at the households still to be visited, with the tag of the whole; null when that is what it was. `device` is
 * this phone.
 */
export async function earlier(
  { device, cursor, limit, etag }: { device: string; cursor: string; limit: number; etag: string | null },
  patience?: number,
): Promise<{ body: SyncEarlier; etag: string | null } | null> {
  const q = new URLSearchParams({ device, limit: String(limit), ...(cursor ? { cursor } : {}) })
  const r = await ask(`/field/sync/earlier?${q}`, { headers: etag ? { 'If-None-Match': etag } : {}, patience })
  if (r.status === 304) return null
  return { body: await read(r.json() as Promise<SyncEarlier>), etag: r.headers.get('ETag') }
}

/** A piece of a questionnaire, of a returned form or of a small picture, and how long the whole is. */
export async function slice(
  path: string,
  offset: number,
  limit: number,
  patience?: number,
): Promise<{ bytes: Uint8Array; size: number }> {
  const r = await ask(`${path}${path.includes('?') ? '&' : '?'}offset=${offset}&limit=${limit}`, { patience })
  const bytes = new Uint8Array(await read(r.arrayBuffer()))
  return { bytes, size: Number(r.headers.get('X-Ruhu-Size') ?? bytes.length) }
}

export const deposit = (sha256: string): Promise<void> => tell('/field/sync/deposit', { sha256 })
/** Work on a household has begun: no plan gives it to another team. May be said again. */
export const begin = (assignment: string): Promise<void> => tell(`/field/assignments/${seg(assignment)}/begin`, {})
/** The team can't make this visit. */
export const giveBack = (assignment: string, reason: string): Promise<void> =>
  tell(`/field/assignments/${seg(assignment)}/give-back`, { reason })
export const wiped = (device: string): Promise<void> => tell('/field/sync/wiped', { device })

/** One's own data key back against the password, base64. */
export const recover = async (device: string, password: string, envelope: Envelope): Promise<string> =>
  (await tell<{ key: string }>('/field/sync/recover', { device, password, envelope })).key

/** null when the package is still the one with this ETag. */
export async function pack(etag: string | null): Promise<{ body: FieldPackage; etag: string | null } | null> {
  const r = await ask('/field/package', { headers: etag ? { 'If-None-Match': etag } : {} })
  if (r.status === 304) return null
  return { body: await read(r.json() as Promise<FieldPackage>), etag: r.headers.get('ETag') }
}

/** A questionnaire as XForm XML; a hash always means the same one. */
export const form = async (hash: string): Promise<string> => read((await ask(`/field/forms/${seg(hash)}`)).text())

/** The current revision of a returned form, byte for byte, by the address in its assignment. */
export const instance = async (instanceUrl: string): Promise<string> => read((await ask(instanceUrl)).text())

export async function putFile(sha256: string, bytes: Blob): Promise<void> {
  await ask(`/field/files/${seg(sha256)}`, {
    method: 'PUT',
    body: bytes,
    headers: { 'Content-Type': 'application/octet-stream' },
    patience: 180_000,
  })
}

/** `base`: the revision the form was edited from, 0 for a first one. The same bytes may be sent again. */
export async function submit(p: { assignment: string; form: string; base: number; xml: string }): Promise<Receipt> {
  const q = new URLSearchParams({ assignment: p.assignment, form: p.form, base: String(p.base) })
  const r = await ask(`/field/submissions?${q}`, {
    method: 'POST',
    body: p.xml,
    headers: { 'Content-Type': 'text/xml' },
  })
  return read(r.json() as Promise<Receipt>)
}
