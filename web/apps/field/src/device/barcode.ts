interface Detector {
  detect(source: ImageBitmap): Promise<{ rawValue: string }[]>
}

// Chrome has it on Android from 83 on; elsewhere codes are typed.
const maker = (): (new () => Detector) | undefined =>
  (globalThis as { BarcodeDetector?: new () => Detector }).BarcodeDetector

export const canScan = (): boolean => maker() !== undefined

/** The first code in a picture; '' when there is none that can be read. */
export async function scan(file: Blob): Promise<string> {
  const Maker = maker()
  if (!Maker) return ''
  const picture = await createImageBitmap(file)
  try {
    return (await new Maker().detect(picture))[0]?.rawValue ?? ''
  } finally {
    picture.close()
  }
}
