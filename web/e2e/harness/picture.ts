import { NOTHING, withExif } from '@ruhu/api'
import { zlibSync } from 'fflate'
import type { Page } from 'playwright-core'

/** The bytes of a PNG of one colour with a darker stripe: enough for a camera's picture in tests. */
export function png(width: number, height: number, [r, g, b]: readonly [number, number, number]): Buffer {
  const raw = new Uint8Array(height * (1 + width * 3))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * (1 + width * 3) + 1 + x * 3
      const shade = Math.abs(x - y) < height / 12 ? 0.6 : 1
      raw.set([r * shade, g * shade, b * shade], at)
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8) // 8 bit RGB
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', zlibSync(raw)),
    chunk('IEND', new Uint8Array()),
  ])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(8 + body.length)
  out.writeUInt32BE(data.length, 0)
  out.set(body, 4)
  out.writeUInt32BE(crc(body), 4 + body.length)
  return out
}

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const byte of bytes) {
    c ^= byte
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
  }
  return (c ^ 0xffffffff) >>> 0
}

/** A camera's JPEG that lies on its side (orientation 6), taken now in Shanghai. `page` has the codec. */
export async function sideways(page: Page, width: number, height: number): Promise<Buffer> {
  const jpeg = await page.evaluate(
    async ([w, h]) => {
      const canvas = document.createElement('canvas')
      ;[canvas.width, canvas.height] = [w, h]
      const pen = canvas.getContext('2d')
      pen?.fillRect(0, 0, w, h / 2)
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg'))
      return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))]
    },
    [width, height] as const,
  )
  const now = new Date(Date.now() + 8 * 3600_000).toISOString()
  const taken = `${now.slice(0, 10).replaceAll('-', ':')} ${now.slice(11, 19)}`
  const out = Buffer.from(withExif(Uint8Array.from(jpeg), { ...NOTHING, taken }))
  const orientation = Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0])
  out[out.indexOf(orientation) + orientation.length] = 6
  return out
}
