import type { Control } from '@ruhu/engine'

export type Kind =
  | 'one'
  | 'many'
  | 'text'
  | 'number'
  | 'date'
  | 'photo'
  | 'signature'
  | 'position'
  | 'enumerator'
  | 'trigger'
  | 'note'
  | 'unsupported'

export const has = (c: Control, appearance: string): boolean => c.appearance.split(/\s+/).includes(appearance)

/** Which widget asks a question. */
export function kindOf(c: Control): Kind {
  switch (c.type) {
    case 'select1':
      return 'one'
    case 'select':
      return 'many'
    case 'note':
      return 'note'
    case 'trigger':
      return 'trigger'
    case 'range':
      return 'number'
    case 'upload':
      if (!c.mediatype?.startsWith('image/')) return 'unsupported'
      return has(c, 'signature') ? 'signature' : 'photo'
    case 'input':
      if (has(c, 'enumerator')) return 'enumerator'
      return inputKind(c.datatype)
    default:
      return 'unsupported'
  }
}

function inputKind(datatype: string): Kind {
  if (datatype === 'int' || datatype === 'integer' || datatype === 'decimal') return 'number'
  if (datatype === 'date' || datatype === 'dateTime' || datatype === 'time') return 'date'
  if (datatype === 'geopoint') return 'position'
  if (datatype === 'geotrace' || datatype === 'geoshape' || datatype === 'barcode') return 'unsupported'
  return 'text'
}

/** Refs of the questions in which the enumerators confirm: text with the appearance `enumerator`. */
export function enumeratorRefs(body: Control[]): string[] {
  return body.flatMap((c) => [...(kindOf(c) === 'enumerator' ? [c.ref] : []), ...enumeratorRefs(c.children)])
}

/** A number as people type it on a Chinese keyboard, as the form wants it: full-width digits, 。 and ， become plain. */
export function plainNumber(typed: string): string {
  return typed
    .trim()
    .replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0))
    .replace(/[。．]/g, '.')
    .replace(/[，,\s]/g, '')
    .replace(/^[－—–]/, '-')
}
