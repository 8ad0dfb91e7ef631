import { describe, expect, it } from 'vitest'
import { bytesOf, checkPin } from './pin'

// The vector of RFC 7914 §11 (first 32 octets); its password is no PIN of ours, the function is the same.
const rfc = {
  salt: '73616c74',
  iterations: 1,
  hash: '55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc',
}

describe('a PIN', () => {
  it('is right when PBKDF2-SHA256 gives the stored hash', async () => {
    expect(await checkPin('passwd', rfc)).toBe(true)
  })

  it('is wrong otherwise', async () => {
    expect(await checkPin('passwe', rfc)).toBe(false)
    expect(await checkPin('', rfc)).toBe(false)
  })

  it('is wrong, not right, against an empty hash', async () => {
    expect(await checkPin('passwd', { ...rfc, hash: '' })).toBe(false)
  })

  it.each([
    ['73616c74', 'salt'],
    ['c2FsdA==', 'salt'],
    ['c2FsdHk_', 'salty?'],
  ])('reads salt and hash as hex or base64: %s', (text, want) => {
    expect(new TextDecoder().decode(bytesOf(text))).toBe(want)
  })
})
