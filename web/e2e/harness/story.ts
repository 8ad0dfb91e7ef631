import { it, onTestFailed } from 'vitest'
import type { Browser } from 'playwright-core'
import { pictures } from './browser'
import type { Server } from './server'

/** Tests that continue one another: after a failure the rest is skipped, and the failure leaves pictures and the server's log. */
export function story(world: () => { browser: Browser; server: Server }) {
  let broken = false
  return (name: string, run: () => Promise<void>): void => {
    it(name, async (t) => {
      if (broken) t.skip('an earlier step failed')
      onTestFailed(async () => {
        broken = true
        await pictures(name, world().browser)
        console.error(`pictures are in web/test-results; the server said:\n${world().server.log().slice(-4000)}`)
      })
      await run()
    })
  }
}
