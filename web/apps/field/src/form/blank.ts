import type { FieldDb } from '../store/db'
import { textOf } from './engine'

/**
 * Has the questionnaire of a draft lie beside it. While a form stood open without an answer, a sync may have brought a newer version and dropped
 * this one, which no household and no draft named.
 */
export async function keepBlank(db: FieldDb, hash: string): Promise<void> {
  if ((await db.blanks.keys()).includes(hash)) return
  const xml = textOf(hash)
  if (xml !== undefined) await db.blanks.put({ hash, xml })
}
