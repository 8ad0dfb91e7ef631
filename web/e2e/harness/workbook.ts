import { strToU8, zipSync } from 'fflate'
import type { Household } from './people'

/** Sheets by name, cells as texts; null leaves a cell out. */
export type Sheets = Record<string, (string | null)[][]>

const escape = (s: string): string =>
  s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** A, B, … Z, AA … from 0. */
export function column(i: number): string {
  return (i >= 26 ? column(Math.floor(i / 26) - 1) : '') + String.fromCharCode(65 + (i % 26))
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'

/** The XML of a worksheet whose cells are inline strings. */
export function sheetXml(rows: (string | null)[][]): string {
  const cells = (r: (string | null)[], y: number) =>
    r
      .map((v, x) =>
        v === null
          ? ''
          : `<c r="${column(x)}${y + 1}" t="inlineStr"><is><t xml:space="preserve">${escape(v)}</t></is></c>`,
      )
      .join('')
  return rowsXml(rows.map((r, y) => `<row r="${y + 1}">${cells(r, y)}</row>`).join(''))
}

export const rowsXml = (rows: string): string =>
  `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`

/** The bytes of an .xlsx with these worksheets, given as XML. */
export function packXlsx(sheets: Record<string, string>): Uint8Array {
  const names = Object.keys(sheets)
  const parts: Record<string, Uint8Array> = {}
  const put = (name: string, xml: string) => (parts[name] = strToU8(xml))
  put(
    '[Content_Types].xml',
    `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>${names.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`).join('')}</Types>`,
  )
  put(
    '_rels/.rels',
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  )
  put(
    'xl/workbook.xml',
    `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${names.map((n, i) => `<sheet name="${escape(n)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
  )
  put(
    'xl/_rels/workbook.xml.rels',
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${names.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`,
  )
  names.forEach((n, i) => put(`xl/worksheets/sheet${i + 1}.xml`, sheets[n] ?? ''))
  return zipSync(parts)
}

export function xlsx(sheets: Sheets): Uint8Array {
  return packXlsx(Object.fromEntries(Object.entries(sheets).map(([name, rows]) => [name, sheetXml(rows)])))
}

export const SHEET = '家庭成员信息'

const HEADERS = [
  '县', '乡镇', '行政村', '行政村编码', '村民组', '户编号', '户主姓名', '家庭人口', '户属性', '脱贫年度', '联系电话',
  '姓名', '证件号码', '与户主关系', '性别', '健康状况', '在校生状况', '纬度', '经度',
] // prettier-ignore

/** The rows of a roster as the national system exports it: a title, the header, one row per person. */
export function rosterRows(households: Household[]): (string | null)[][] {
  const rows: (string | null)[][] = [['建档立卡及特殊困难群体信息表（测试）'], HEADERS]
  for (const h of households) {
    for (const m of h.members) {
      rows.push([
        '示例县', '桂溪镇', h.villageName, h.village, h.group, h.code, h.members[0]?.name ?? '', String(h.members.length), h.kind,
        h.exitYear ?? '', h.phone, m.name, m.id, m.relation, m.sex, '健康', m.schooling, ...(h.at ?? ['', '']),
      ]) // prettier-ignore
    }
  }
  return rows
}

export const rosterFile = (households: Household[]): Uint8Array => xlsx({ [SHEET]: rosterRows(households) })
