import type { paths as Written } from './schema'
import type { Untold } from './untold'

type Told<Door, Answer> = Omit<Door, 'responses'> & {
  responses: { 200: { headers: Record<string, unknown>; content: { 'application/json': Answer } } }
}
type Completed<Doors, Answers> = {
  [Method in keyof Doors]: Method extends keyof Answers ? Told<Doors[Method], Answers[Method]> : Doors[Method]
}

/** The server's description, completed where it leaves an answer open. */
export type paths = {
  [Path in keyof Written]: Path extends keyof Untold ? Completed<Written[Path], Untold[Path]> : Written[Path]
}
