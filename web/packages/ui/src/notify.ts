import { ElMessage } from 'element-plus'

/** A short confirmation at the top of the screen. Errors do not go here: they stay where they happened. */
export function notify(message: string): void {
  ElMessage({ message, type: 'success', duration: 3000, grouping: true, customClass: 'ui-message' })
}
