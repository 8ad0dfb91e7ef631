import { ApiError } from '@ruhu/api'
import { timed, type Run } from './server'

/**
 * Sends a file from an offset on, piece by piece, each as large as the link likes. What arrived stays there when it breaks off. False when it
 * gave way between two pieces.
 */
export async function upload(
  run: Run,
  file: { sha256: string; bytes: Uint8Array; form: boolean },
  offset: number,
  givesWay?: () => Promise<boolean>,
): Promise<boolean> {
  const { sha256, bytes, form } = file
  let restarts = 0
  for (let at = offset; ;) {
    const piece = bytes.subarray(at, at + run.link.size)
    try {
      const got = await timed(run, piece.length, () =>
        run.server.part({ sha256, offset: at, size: bytes.length, form, bytes: piece }, run.link.patience),
      )
      if (got.whole || (form && got.offset >= bytes.length)) return true
      at = got.offset
    } catch (e) {
      // The server has another number of bytes than we thought: after a restart fewer, after a lost answer more.
      if (!(e instanceof ApiError) || e.code !== 'blob.offset' || ++restarts > 3) throw e
      at = Number(e.fields.offset ?? 0)
    }
    if (await givesWay?.()) return false
  }
}
