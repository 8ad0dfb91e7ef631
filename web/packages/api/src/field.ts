// What the phone asks of the server. The phone must tell "no network" from "refused", can't wait for ever, and keeps what it
// has by ETag, so these calls do not go through `call`.
import { ApiError, headersOf, problem, url } from './client'
import type { FieldPackage, Receipt } from './types.gen'

export type {
  FieldAssignment,
  FieldComment,
  FieldHousehold,
  FieldMember,
  FieldPackage,
  PIN,
  Receipt,
} from './types.gen'

/** No answer of the server's: no network, the server is down, or something in between answered for it. */
export function isOffline(e: unknown): boolean {
  return e instanceof ApiError && (e.status === 0 || e.code.startsWith('web.status_5'))
}

async function ask(path: string, init: RequestInit & { patience?: number } = {}): Promise<Response> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), init.patience ?? 60_000)
  let response: Response
  try {
    response = await fetch(url(path), {
      credentials: 'same-origin',
      cache: 'no-store',
      ...init,
      headers: { ...headersOf(), ...(init.headers as Record<string, string> | undefined) },
      signal: stop.signal,
    })
  } catch {
    throw new ApiError('web.offline', '', 0)
  } finally {
    clearTimeout(timer)
  }
  if (!response.ok && response.status !== 304) throw await problem(response)
  return response
}

/** Reading the body can break off too. */
async function read<T>(body: Promise<T>): Promise<T> {
  try {
    return await body
  } catch {
    throw new ApiError('web.offline', '', 0)
  }
}

const seg = encodeURIComponent

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
