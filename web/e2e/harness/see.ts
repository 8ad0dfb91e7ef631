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

const escape = (s: string): string => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
