import { afterEach, describe, expect, it, vi } from 'vitest'
import { ApiError, call, get, onSignedOut, post, setLanguage, url } from './client'

function answer(status: number, body: string, type = 'application/json') {
  const fetch = vi.fn((_url: string, _init: RequestInit) =>
    Promise.resolve(new Response(body || null, { status, headers: { 'Content-Type': type } })),
  )
  vi.stubGlobal('fetch', fetch)
  return fetch
}

afterEach(() => vi.unstubAllGlobals())

describe('client', () => {
  it('leaves empty values out of the query', () => {
    expect(url('/a', { q: '', n: 0, village: '430922101203', x: undefined, overdue: false })).toBe(
      '/api/v1/a?n=0&village=430922101203',
    )
  })

  it('sends JSON and the language, and answers with the decoded body', async () => {
    const fetch = answer(200, '{"id":"1"}')
    setLanguage('en')
    expect(await post('/x', { a: 1 })).toEqual({ id: '1' })
    const init = fetch.mock.calls[0]?.[1]
    expect(init?.body).toBe('{"a":1}')
    expect(init?.headers).toMatchObject({ 'Content-Type': 'application/json', 'Accept-Language': 'en' })
  })

  it('turns problem+json into an ApiError with code, sentence and fields', async () => {
    answer(409, '{"code":"survey.gate","detail":"还缺","fields":{"missing":["x"]},"request_id":"r1"}')
    const error = await get('/x').catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      code: 'survey.gate',
      detail: '还缺',
      status: 409,
      fields: { missing: ['x'] },
      requestId: 'r1',
    })
  })

  it('names the status when the answer is no JSON', async () => {
    answer(502, '<html>bad gateway</html>', 'text/html')
    await expect(get('/x')).rejects.toMatchObject({ code: 'web.status_502', status: 502 })
  })

  it('says offline when there is no answer at all', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    await expect(get('/x')).rejects.toMatchObject({ code: 'web.offline', status: 0 })
  })

  it('announces the end of a session, but not a failed login', async () => {
    const out = vi.fn()
    onSignedOut(out)
    answer(401, '{"code":"account.password"}')
    await call('POST', '/session', { json: {} }).catch(() => undefined)
    expect(out).not.toHaveBeenCalled()
    await get('/me').catch(() => undefined)
    expect(out).toHaveBeenCalledOnce()
  })
})
