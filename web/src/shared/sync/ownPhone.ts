import { ask, type Line } from './line'

const shelf = 'wg.phone'
const systems = [/OpenHarmony|HarmonyOS/, /Android [\d.]+/, /iPhone|iPad/, /Windows|Mac OS X|Linux/]
const browsers: readonly [name: string, sign: string][] = [
  ['WeChat', 'MicroMessenger'], ['Edge', 'Edg'], ['QQ', 'MQQBrowser'], ['UC', 'UCBrowser'], ['Firefox', 'Firefox'], ['Chrome', 'Chrome'], ['Safari', 'Safari'],
]

/** What somebody knows a phone by: its system and its browser, nothing that tells one phone from another of its kind. */
export function platformOf(agent: string): string {
  const system = systems.map((one) => one.exec(agent)?.[0]).find(Boolean)?.replace('Mac OS X', 'macOS')
  return [system, browsers.find(([, sign]) => agent.includes(sign))?.[0]].filter(Boolean).join(' · ')
}

/** Says once what this phone is, so that its person finds it among his phones when it is lost. */
export async function introduce(line: Line): Promise<void> {
  const platform = platformOf(navigator.userAgent)
  const said = `${line.account} ${line.device} ${platform}`
  if (!line.account || localStorage.getItem(shelf) === said) return
  const { refusal } = await ask(line, 'PUT', `/api/v1/sync/devices/${line.device}`, { json: { platform } })
  if (!refusal) localStorage.setItem(shelf, said)
}
