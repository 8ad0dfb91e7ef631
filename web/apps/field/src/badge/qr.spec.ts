import { expect, it } from 'vitest'
import { CURVE, makeBadge } from './token'
import { drawQr, pathOf, readQr } from './qr'

/** Modules as a picture, `scale` pixels each; `blot` of them in the middle are painted over. */
function picture(
  modules: boolean[][],
  scale: number,
  blot = 0,
): { data: Uint8ClampedArray; width: number; height: number } {
  const n = modules.length
  const width = n * scale
  const data = new Uint8ClampedArray(width * width * 4).fill(255)
  const middle = (i: number): boolean => Math.abs(i - modules.length / 2) < blot / 2
  for (let y = 0; y < width; y++)
    for (let x = 0; x < width; x++) {
      const [i, k] = [Math.floor(y / scale), Math.floor(x / scale)]
      const dark = (modules[i]?.[k] ?? false) || (middle(i) && middle(k))
      if (dark) data.fill(20, (y * width + x) * 4, (y * width + x) * 4 + 3)
    }
  return { data, width, height: width }
}

async function badge(): Promise<string> {
  const { privateKey } = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify'])
  return makeBadge(privateKey, '019cae80-0001-7000-8000-00000000a001', '019cae80-0002-7000-8000-00000000d001', 29541120)
}

it('draws a badge that it reads again, also with a spot on it', async () => {
  const text = await badge()
  const modules = await drawQr(text)
  expect(modules.length).toBe(45 + 8) // version 7: larger modules would be easier for a poor camera, more text makes them smaller
  expect(await readQr(picture(modules, 4))).toBe(text)
  expect(await readQr(picture(modules, 4, 7), true)).toBe(text)
  expect(await readQr(picture(modules, 4, 25), true)).toBe('')
})

it('reads nothing where there is nothing', async () => {
  expect(await readQr(picture([[false]], 40))).toBe('')
})

it('puts all dark modules into one path, run by run', () => {
  expect(pathOf([[true, true, false, true], [false], [false, true]])).toBe('M0 0h2v1H0zM3 0h1v1H3zM1 2h1v1H1z')
  expect(pathOf([])).toBe('')
})
