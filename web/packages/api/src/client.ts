// The only place that talks to the server. Every call answers with the decoded JSON or throws an ApiError.
const base = '/api/v1'

/** What went wrong, in words the server chose for a person; `code` is stable (`roster.import_errors`). */
export class ApiError extends Error {
  override name = 'ApiError'
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly status: number,
    readonly fields: Record<string, unknown> = {},
    readonly requestId = '',
  ) {
    super(detail || code)
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>

export interface CallOptions {
  query?: Query
  /** JSON body. */
  json?: unknown
  /** Bytes as they are; wins over json. */
  body?: BodyInit
  type?: string
  signal?: AbortSignal
}

let language = 'zh-CN'
let signedOut: () => void = () => undefined

/** Language of the server's messages. */
export function setLanguage(lang: string): void {
  language = lang
}

/** Called when the server says that the session is over (status 401), except for a failed login. */
export function onSignedOut(f: () => void): void {
  signedOut = f
}

/** What every request says about itself. */
export const headersOf = (): Record<string, string> => ({ 'Accept-Language': language })

/** The address of a resource, with the query's empty values left out. */
export function url(path: string, query: Query = {}): string {
  const q = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '' && value !== false) q.set(key, String(value))
  }
  const s = q.toString()
  return base + path + (s ? `?${s}` : '')
}

export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, path, options)
  if (response.status === 204) return undefined as T
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** A call that answers with a file. */
export async function file(method: string, path: string, options: CallOptions = {}): Promise<Blob> {
  return (await send(method, path, options)).blob()
}

async function send(method: string, path: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...headersOf() }
  let body = options.body
  if (body !== undefined) {
    headers['Content-Type'] = options.type ?? 'application/octet-stream'
  } else if (options.json !== undefined) {
    headers['Content-Type'] = 'application/json'
    body = JSON.stringify(options.json)
  }
  let response: Response
  try {
    response = await fetch(url(path, options.query), {
      method,
      headers,
      body,
      signal: options.signal,
      credentials: 'same-origin',
    })
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError('web.offline', '', 0)
  }
  if (!response.ok) {
    const error = await problem(response)
    if (error.status === 401 && !(method === 'POST' && path === '/session')) signedOut()
    throw error
  }
  return response
}

/** The server's refusal as an error. */
export async function problem(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '')
  try {
    const p = JSON.parse(text) as Record<string, unknown>
    return new ApiError(
      String(p.code ?? `web.status_${response.status}`),
      String(p.detail ?? p.title ?? ''),
      response.status,
      (p.fields ?? {}) as Record<string, unknown>,
      String(p.request_id ?? ''),
    )
  } catch {
    // A proxy's page, or nothing: the status is all there is.
    return new ApiError(`web.status_${response.status}`, '', response.status)
  }
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) => call<T>('GET', path, { query, signal })
export const put = <T>(path: string, json: unknown) => call<T>('PUT', path, { json })
export const post = <T>(path: string, json: unknown) => call<T>('POST', path, { json })
export const del = (path: string) => call<undefined>('DELETE', path)
