import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Element by its data-test hook. */
export const hook = (at: Page | Locator, name: string): Locator => at.locator(`[data-test="${name}"]`)

/** Waits until the element shows this text (a part of it). */
export async function shows(at: Locator, text: string | RegExp): Promise<void> {
  await at.first().waitFor()
  await expect.poll(() => at.first().innerText()).toMatch(typeof text === 'string' ? new RegExp(escape(text)) : text)
}

/** Waits until so many elements are there. */
export async function count(at: Locator, n: number): Promise<void> {
  await expect.poll(() => at.count()).toBe(n)
}

/** Waits until an attribute has a value. */
export async function is(at: Locator, attribute: string, value: string): Promise<void> {
  await expect.poll(() => at.first().getAttribute(attribute)).toBe(value)
}

/**
 * Goes through a page with Tab as somebody does who cannot use a screen by touch, and tells what is wrong: a control that is never reached, or one
 * that is reached before what stands above it. Radio buttons of one name are one stop.
 */
export async function focusOrder(page: Page): Promise<string[]> {
  const stops = await page.evaluate(() => {
    const can = 'a[href], button, input, select, textarea, canvas[tabindex], [tabindex="0"]'
    const seen = new Set<string>()
    let n = 0
    for (const el of document.querySelectorAll<HTMLElement>(can)) {
      if (el.matches(':disabled, [tabindex="-1"], [type="hidden"]') || el.closest('[inert], [hidden]')) continue
      if (!el.checkVisibility()) continue
      if (el instanceof HTMLInputElement && el.type === 'radio') {
        if (seen.has(el.name)) continue
        seen.add(el.name)
        const group = [...document.querySelectorAll<HTMLInputElement>('input[type="radio"]')]
        for (const r of group) if (r.name === el.name) r.dataset.stop = String(n)
      } else {
        el.dataset.stop = String(n)
      }
      n++
    }
    ;(document.activeElement as HTMLElement | null)?.blur()
    window.getSelection()?.removeAllRanges()
    return n
  })
  const order: number[] = []
  const names: string[] = []
  for (let i = 0; i < stops + 10; i++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => {
      const el = document.activeElement as HTMLElement | null
      if (!el || el === document.body) return null
      return {
        stop: Number(el.dataset.stop ?? -1),
        name: `${el.tagName} ${el.dataset.test ?? el.textContent?.trim() ?? ''}`,
      }
    })
    if (!at || at.stop < 0) continue // the browser's own, or something that scrolls
    if (at.stop === order[order.length - 1]) continue // a date has a stop for each of its parts
    if (order.includes(at.stop)) break
    order.push(at.stop)
    names.push(at.name)
  }
  // Focus may begin in the middle, where the page has put it, and come round.
  const first = order.indexOf(Math.min(...order))
  const round = [...order.slice(first), ...order.slice(0, first)]
  const wrong = round.flatMap((s, i) =>
    i > 0 && s < (round[i - 1] ?? 0) ? [`out of order: ${names[order.indexOf(s)]}`] : [],
  )
  const missed = Array.from({ length: stops }, (_, s) => s).filter((s) => !order.includes(s))
  const called = await page.evaluate(
    (list) =>
      list.map((s) => {
        const el = document.querySelector<HTMLElement>(`[data-stop="${s}"]`)
        return `never reached: ${el?.tagName} ${el?.dataset.test ?? el?.textContent?.trim() ?? ''}`
      }),
    missed,
  )
  return [...wrong, ...called]
}

const escape = (s: string): string => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
