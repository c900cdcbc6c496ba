/** How each stage looks: passed, the one the matter is at, or still to come. The last one reached is where it is. */
export function lookOf(stages: readonly { reached: boolean }[], finished: boolean): ('done' | 'now' | 'later')[] {
  const last = stages.filter((stage) => stage.reached).length - 1
  return stages.map((_, at) => (at < last || (finished && at === last) ? 'done' : at === last ? 'now' : 'later'))
}
