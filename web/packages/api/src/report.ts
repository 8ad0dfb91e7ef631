import { ApiError } from './client'
import type { ImportReport } from './types'

/** The import report inside an error, when the server refused a workbook because of what is in it. */
export function reportOf(error: unknown): ImportReport | null {
  if (!(error instanceof ApiError)) return null
  const report = error.fields.report
  return report !== null && typeof report === 'object' ? (report as ImportReport) : null
}
