import type { Ref } from 'vue'

export type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad'

export interface Column {
  key: string
  label: string
  /** Numbers are set to the right in even figures. */
  number?: boolean
  /** Kept on one line. */
  tight?: boolean
  /** On narrow screens: the heading of the card (once), or left out. */
  narrow?: 'title' | 'hidden'
}

export interface Option {
  value: string
  label: string
  disabled?: boolean
}

export interface Tab {
  value: string
  label: string
  count?: number
}

export interface Fact {
  label: string
  value: string | number | null | undefined
  key?: string
}

/** One select of a UiFilters row. The value is a ref of the screen, mostly a queryRef; '' does not narrow. */
export interface Filter {
  name: string
  label: string
  /** What the choice of nothing is called. */
  none: string
  options: Option[]
  value: Ref<string>
}
