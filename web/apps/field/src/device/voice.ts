/** A voice note is a remark, not an interview: it ends by itself. */
export const LONGEST_NOTE = 180_000

/** Bits a second: clear for a voice, and three minutes are half a megabyte. */
export const SPEECH = 24_000
/** XLSForm's quality `normal`, for what is more than a voice. */
export const SOUND = 64_000

export type VoiceTrouble = 'absent' | 'denied' | 'failed'

export interface Recording {
  /** Ends it and gives the sound. */
  stop: () => Promise<Blob>
  /** Ends it and gives nothing. */
  drop: () => void
}

export const canRecord = (): boolean =>
  typeof MediaRecorder === 'function' &&
  typeof (navigator as Partial<Navigator>).mediaDevices?.getUserMedia === 'function'

/** Begins to record; `ended` is called when the time is over. Rejects with a VoiceTrouble. */
export async function record(ended: () => void, bits = SPEECH): Promise<Recording> {
  if (!canRecord()) throw 'absent' satisfies VoiceTrouble
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch((e: unknown): never => {
    throw (e instanceof DOMException && e.name === 'NotAllowedError' ? 'denied' : 'failed') satisfies VoiceTrouble
  })
  const free = () => stream.getTracks().forEach((t) => t.stop())
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: bits })
  const parts: Blob[] = []
  recorder.ondataavailable = (e) => void parts.push(e.data)
  recorder.start()
  const timer = setTimeout(ended, LONGEST_NOTE)
  const end = (): Promise<Blob> =>
    new Promise((done, fail) => {
      clearTimeout(timer)
      recorder.onerror = () => fail('failed' satisfies VoiceTrouble)
      recorder.onstop = () => {
        free()
        done(new Blob(parts, { type: (recorder.mimeType || 'audio/webm').split(';')[0] }))
      }
      if (recorder.state === 'inactive') recorder.onstop(new Event('stop'))
      else recorder.stop()
    })
  return { stop: end, drop: () => void end().catch(() => undefined) }
}
