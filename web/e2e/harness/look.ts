import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SHOTS = fileURLToPath(new URL('../../test-results/look/', import.meta.url))

/** The screens of docs/screens are taken anew when RUHU_SCREENS names that folder. */
const SCREENS = process.env.RUHU_SCREENS

/** Waits until nothing is being loaded and nothing moves. */
export async function settle(page: Page): Promise<void> {
  await page.waitForFunction(
    () => !document.querySelector('[role="status"].ui-note, .el-loading-mask, [data-saving="pending"]'),
  )
  await page.evaluate(async () => {
    document.documentElement.style.setProperty('-webkit-tap-highlight-color', 'transparent')
    await document.fonts.ready
    await Promise.all(
      [...document.images]
        .filter((i) => !i.complete && i.loading !== 'lazy')
        .map((i) => i.decode().catch(() => undefined)),
    )
    await Promise.all(document.getAnimations().map((a) => a.finished.catch(() => undefined)))
  })
}

/** What is wrong with a screen that everybody would trip over: sideways scrolling, and barriers that axe calls serious. */
export async function faults(page: Page): Promise<string[]> {
  const wide = await page.evaluate(() => {
    const root = document.documentElement
    const width = Math.min(root.clientWidth, window.screen.width)
    return root.scrollWidth > width ? [`scrolls sideways: ${root.scrollWidth} > ${width}`] : []
  })
  await page.evaluate(AXE)
  const barriers = await page.evaluate(async () => {
    interface Rule {
      id: string
      impact: string | null
      nodes: { target: string[]; failureSummary: string }[]
    }
    const { axe } = window as unknown as { axe: { run: (o: unknown) => Promise<{ violations: Rule[] }> } }
    const { violations } = await axe.run({ resultTypes: ['violations'] })
    return violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map(
        (v) =>
          `${v.id}: ${v.nodes
            .map((n) => `${n.target.join(' ')} (${n.failureSummary.replace(/\s+/g, ' ')})`)
            .slice(0, 4)
            .join('; ')}`,
      )
  })
  return [...wide, ...barriers]
}

/** Takes a picture for people to look at. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true })
  await page.screenshot({ path: join(SHOTS, `${name}.png`) })
}

/** Takes a picture for the README, when that was asked for. */
export async function keep(page: Page, name: string): Promise<void> {
  if (!SCREENS) return
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: join(SCREENS, `${name}.png`), scale: 'css' })
}
