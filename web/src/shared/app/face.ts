/** Whether this page is shown inside the desk, which has a main landmark and a header of its own. */
export const onDesk = (): boolean => globalThis.location?.pathname.startsWith('/desk') ?? false

/** The element of a page that both faces show. */
export const pageElement = (): 'div' | 'main' => (onDesk() ? 'div' : 'main')
