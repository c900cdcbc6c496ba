type Shown = { purpose?: string }

/** Whether a picture shows the place before or after the work; said only once something shows it after. */
export function sideOf(file: Shown | undefined, files: readonly Shown[]): 'before' | 'after' | null {
  const { purpose } = file ?? {}
  if (purpose !== 'before' && purpose !== 'after') return null
  return files.some((one) => one.purpose === 'after') ? purpose : null
}
