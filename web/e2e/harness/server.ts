import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

/** A server whose clock stands still until it is moved forward. */
export interface Clocked extends Server {
  move: (to: Date) => Promise<void>
}

/** `ruhu sim serve` with a playbook of the test's own, given as files by path. */
export async function serveAt(from: Date, playbooks: Record<string, string>): Promise<Clocked> {
  const folder = await mkdtemp(join(tmpdir(), 'ruhu-clock-'))
  const books = join(folder, 'playbooks')
  for (const [path, text] of Object.entries(playbooks)) {
    await mkdir(dirname(join(books, path)), { recursive: true })
    await writeFile(join(books, path), text)
  }
  const args = ['sim', 'serve', '--data', join(folder, 'data'), '--addr', '127.0.0.1:0', '--log-level', 'warn']
  const child = launch([...args, '--from', from.toISOString(), '--playbooks', books])
  const server = await listen(child, args[1] ?? '', /ruhu (http:\S+)/, folder)
  return {
    ...server,
    async move(to) {
      const said = `clock ${to.toISOString().slice(0, 19)}Z`
      child.stdin?.write(to.toISOString() + '\n')
      while (!server.log().includes(said)) await new Promise((go) => setTimeout(go, 10))
    },
  }
}

const start = (args: string[], address: RegExp, folder: string) => listen(launch(args), args[0] ?? '', address, folder)

const launch = (args: string[]) =>
  spawn(PROGRAM, args, { env: { ...process.env, RUHU_ADMIN_PASSWORD: PASSWORD }, stdio: ['pipe', 'pipe', 'pipe'] })

async function listen(child: ChildProcess, name: string, address: RegExp, folder: string): Promise<Server> {
  let out = ''
  const url = await new Promise<string>((done, fail) => {
    const seen = (b: Buffer) => {
      out += b.toString()
      const m = address.exec(out)
      if (m?.[1]) done(m[1])
    }
    child.stdout?.on('data', seen)
    child.stderr?.on('data', seen)
    child.once('error', (e) => fail(new Error(`${PROGRAM}: ${e.message} (make build makes it)`)))
    child.once('exit', (code) => fail(new Error(`${PROGRAM} ${name} ended with ${code}:\n${out}`)))
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
