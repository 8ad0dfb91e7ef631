import { fit } from '../device/photo'

// The library is fetched when somebody shows or scans a code; the service worker has it on the phone by then.

/** Modules of a QR code, true is dark, with the margin of four that scanners want. */
export async function drawQr(text: string): Promise<boolean[][]> {
  const { encodeQR } = await import('qr')
  return encodeQR(text, 'raw', { ecc: 'medium', border: 4 })
}

/** One path over all dark modules, run by run. */
export function pathOf(modules: boolean[][]): string {
  let d = ''
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue
      const from = x
      while (row[x + 1]) x++
      d += `M${from} ${y}h${x + 1 - from}v1H${from}z`
    }
  })
  return d
}

interface Pixels {
  data: Uint8ClampedArray
  width: number
  height: number
}

/** How long a photograph may be looked at, ms; a frame of the camera gets less, for another comes at once. */
const PATIENCE = 3_000

/** The text of the QR code in a picture; '' when there is none that can be read. */
export async function readQr(picture: Pixels, thorough = false): Promise<string> {
  const { decodeQR } = await import('qr/decode.js')
  try {
    return decodeQR(picture, thorough ? { effort: Infinity, timeLimit: PATIENCE } : {})
  } catch {
    return ''
  }
}

/** The pixels of something that can be drawn, at most `longest` wide or high; null when it has none yet. */
export function pixelsOf(
  source: HTMLVideoElement | ImageBitmap,
  canvas: HTMLCanvasElement,
  longest?: number,
): Pixels | null {
  const [w, h] = 'videoWidth' in source ? [source.videoWidth, source.videoHeight] : [source.width, source.height]
  if (!w || !h) return null
  const { width, height } = fit(w, h, longest)
  canvas.width = width
  canvas.height = height
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) return null
  pen.drawImage(source, 0, 0, width, height)
  return pen.getImageData(0, 0, width, height)
}

/** The text of the QR code in a photograph; '' when there is none that can be read. */
export async function readPhoto(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file)
  try {
    const pixels = pixelsOf(picture, document.createElement('canvas'))
    return pixels ? await readQr(pixels, true) : ''
  } finally {
    picture.close()
  }
}
