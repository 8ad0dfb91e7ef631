import type { Control, NodeState } from '@ruhu/engine'

/** Every widget gets these; it emits `set` with the new lexical value, `typing` and `left` around typing. */
export interface WidgetProps {
  control: Control
  node: NodeState
  inputId: string
  wrong: boolean
}

export interface WidgetEmits {
  set: [value: string]
  typing: []
  left: []
}
