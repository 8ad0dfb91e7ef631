import { reactive, watchEffect } from 'vue'

/** How one likes to see forms. It stays on this phone, outside of the sealed rows: it is needed before the PIN, and tells nothing of anybody. */
export interface View {
  type: 'normal' | 'large' | 'huge'
  contrast: 'normal' | 'high'
  /** What is on a page of a form: a group as the form has it, or one question. */
  page: 'group' | 'question'
}

const KEY = 'ruhu.field.view'
export const TYPES = ['normal', 'large', 'huge'] as const
export const PAGES = ['group', 'question'] as const

/** What was stored, as far as it is a choice; anything else is the first. */
export function readView(stored: string | null): View {
  let v: Partial<Record<keyof View, unknown>> = {}
  try {
    v = (JSON.parse(stored ?? '{}') ?? {}) as typeof v
  } catch {
    // somebody else's: begin anew
  }
  return {
    type: TYPES.find((x) => x === v.type) ?? 'normal',
    contrast: v.contrast === 'high' ? 'high' : 'normal',
    page: v.page === 'question' ? 'question' : 'group',
  }
}

export const view: View = reactive(readView(localStorage.getItem(KEY)))

/** Keeps the page and the store as chosen, from now on. */
export function applyView(): void {
  watchEffect(() => {
    document.documentElement.dataset.type = view.type
    document.documentElement.dataset.contrast = view.contrast
    localStorage.setItem(KEY, JSON.stringify(view))
  })
}
