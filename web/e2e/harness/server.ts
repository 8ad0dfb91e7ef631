import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The program under test. It is built by `make build`; nothing here builds it. */
export const PROGRAM = process.env.RUHU_BIN ?? fileURLToPath(new URL('../../../bin/ruhu', import.meta.url))

/** A running server with a data folder of its own. */
export interface Server {
  url: string
  /** What it printed, for failed tests. */
  log: () => string
  /** Stops this process and removes its folder. */
  stop: () => Promise<void>
}

/** The password of the first account, `admin`, and of every account the tests make. */
export const PASSWORD = 'e2e-mima-2026'

export async function serve(): Promise<Server> {
  const data = await mkdtemp(join(tmpdir(), 'ruhu-e2e-'))
  return start(
    ['serve', '--data', join(data, 'data'), '--addr', '127.0.0.1:0', '--log-level', 'warn'],
    /ruhu (http:\S+)/,
    data,
  )
}

/** The simulated township of `make demo`, made small. Its accounts have the demo's password. */
export async function serveDemo(flags: string[]): Promise<Server> {
  const data = await mkdtemp(join(tmpdir(), 'ruhu-demo-'))
  return start(['demo', '--data', join(data, 'data'), '--addr', '127.0.0.1:0', ...flags], /(http:\S+)\/field\//, data)
}

async function start(args: string[], address: RegExp, folder: string): Promise<Server> {
  const child = spawn(PROGRAM, args, {
    env: { ...process.env, RUHU_ADMIN_PASSWORD: PASSWORD },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  const url = await new Promise<string>((done, fail) => {
    const seen = (b: Buffer) => {
      out += b.toString()
      const m = address.exec(out)
      if (m?.[1]) done(m[1])
    }
    child.stdout.on('data', seen)
    child.stderr.on('data', seen)
    child.once('error', (e) => fail(new Error(`${PROGRAM}: ${e.message} (make build makes it)`)))
    child.once('exit', (code) => fail(new Error(`${PROGRAM} ${args[0]} ended with ${code}:\n${out}`)))
  })
  return { url, log: () => out, stop: () => stop(child, folder) }
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((done) => child.once('exit', done))
    child.kill('SIGINT')
    // Open event streams end with the server; what still hangs after this is killed.
    const impatient = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await gone
    clearTimeout(impatient)
  }
  await rm(folder, { recursive: true, force: true })
}
