/** The words of a mapping entry as a line of text: `on = 1, off = 0`. */

export function wordsText(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([word, number]) => `${word} = ${number}`)
    .join(', ')
}

/** Undefined where the text is no such line. The last `=` of a pair counts, so that a word may hold one. */
export function wordsOf(text: string): Record<string, number> | undefined {
  const values: Record<string, number> = {}
  for (const pair of text.split(/[,，;；\n]/)) {
    if (pair.trim() === '') continue
    const at = pair.lastIndexOf('=')
    const word = pair.slice(0, at).trim()
    const given = pair.slice(at + 1).trim()
    const number = Number(given)
    if (at < 0 || word === '' || given === '' || !Number.isFinite(number)) return undefined
    values[word] = number
  }
  return values
}
