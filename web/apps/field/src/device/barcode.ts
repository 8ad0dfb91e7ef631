import { readPhoto } from '../badge/qr'

interface Detector {
  detect(source: ImageBitmap): Promise<{ rawValue: string }[]>
}

// Chrome has it on Android from 83 on, but on phones without Google's services it reads nothing. QR codes are read by the app itself then; the
// number of a bar code is typed.
const maker = (): (new () => Detector) | undefined =>
  (globalThis as { BarcodeDetector?: new () => Detector }).BarcodeDetector

/** The first code in a picture; '' when there is none that can be read. */
export async function scan(file: Blob): Promise<string> {
  return (await native(file).catch(() => '')) || readPhoto(file)
}

async function native(file: Blob): Promise<string> {
  const Maker = maker()
  if (!Maker) return ''
  const picture = await createImageBitmap(file)
  try {
    return (await new Maker().detect(picture))[0]?.rawValue ?? ''
  } finally {
    picture.close()
  }
}
