/** A sheet with a picture, its title, scale, the time and north, handed to the browser's print dialog (which also writes PDF). */

export interface Sheet {
  title: string
  note: string
  /** The letter at the north arrow. */
  north: string
  /** Which way the picture looks, radians clockwise from north. */
  heading: number
  /** Share of the picture's width that a metre takes where the camera looks. */
  metre: number
  /** What stands beside the scale bar: perspective makes it true there only. */
  scaleNote: string
  paper: Paper
}

export const PAPERS = ['A4', 'A3'] as const
export type Paper = (typeof PAPERS)[number]

/** The longest round length that takes at most a quarter of the picture. */
export function barMetres(metre: number): number {
  const most = 0.25 / metre
  const power = 10 ** Math.floor(Math.log10(most))
  return [5, 2, 1].map((factor) => factor * power).find((length) => length <= most) ?? power
}

const style = (paper: Paper): string => `
@page { size: ${paper} landscape; margin: 10mm; }
* { box-sizing: border-box; }
body { margin: 0; font: 11pt/1.4 'Noto Sans SC', sans-serif; color: #17233a; }
figure { margin: 0; width: 100%; }
/* As wide as the sheet, or as its height allows with the caption below. */
.picture { position: relative; margin: 0 auto; width: min(100%, (100vh - 20mm) * var(--shape)); }
img { display: block; width: 100%; border: 0.3mm solid #b9c5d4; }
.bar { position: absolute; left: 4mm; bottom: 4mm; padding: 1mm 2mm; background: rgba(255, 255, 255, 0.85); font-size: 8pt; }
.bar i { display: block; height: 2mm; border: solid #17233a; border-width: 0 0.4mm 0.4mm; }
figcaption { display: flex; align-items: center; gap: 6mm; padding-top: 3mm; height: 15mm; break-inside: avoid; }
h1 { flex: 1; margin: 0; font-size: 15pt; }
svg { width: 12mm; height: 12mm; }`

/** Print; resolves when the dialog was opened. The sheet is a frame of its own and goes when printing has ended. */
export async function printPicture(picture: Blob, { title, note, north, heading, metre, scaleNote, paper }: Sheet): Promise<void> {
  const url = URL.createObjectURL(picture)
  const frame = document.createElement('iframe')
  frame.setAttribute('aria-hidden', 'true')
  frame.style.cssText = 'position:fixed;right:0;bottom:0;width:0;height:0;border:0'
  document.body.append(frame)
  const page = frame.contentDocument as Document
  const look = page.createElement('style')
  look.textContent = fontFaces() + style(paper)
  page.head.append(look)
  page.title = title
  const figure = page.createElement('figure')
  const image = page.createElement('img')
  image.alt = title
  image.src = url
  const caption = page.createElement('figcaption')
  const head = page.createElement('h1')
  head.textContent = title
  const told = page.createElement('span')
  told.textContent = note
  caption.append(head, told, northArrow(page, north, heading))
  const shown = page.createElement('div')
  shown.className = 'picture'
  shown.append(image, scaleBar(page, metre, scaleNote))
  figure.append(shown, caption)
  page.body.append(figure)
  await Promise.all([image.decode(), page.fonts.ready])
  shown.style.setProperty('--shape', String(image.naturalWidth / image.naturalHeight))
  const done = (): void => {
    frame.remove()
    URL.revokeObjectURL(url)
  }
  frame.contentWindow?.addEventListener('afterprint', done, { once: true })
  frame.contentWindow?.print()
}

/** The page's own fonts: a frame does not inherit them, and a machine may have no Chinese one. */
function fontFaces(): string {
  const rules = [...document.styleSheets].flatMap((sheet) => (sheet.href === null || new URL(sheet.href).origin === location.origin ? [...sheet.cssRules] : []))
  return rules.flatMap((rule) => (rule instanceof CSSFontFaceRule ? rule.cssText : [])).join('\n')
}

function scaleBar(page: Document, metre: number, note: string): HTMLElement {
  const metres = barMetres(metre)
  const bar = page.createElement('div')
  bar.className = 'bar'
  // Its padding is the bar's own: the line alone has the length.
  bar.style.width = `calc(${metres * metre * 100}% + 4mm)`
  const line = page.createElement('i')
  bar.append(line, `${metres} m ${note}`)
  return bar
}

function northArrow(page: Document, letter: string, heading: number): SVGSVGElement {
  const names = 'http://www.w3.org/2000/svg'
  const svg = page.createElementNS(names, 'svg')
  svg.setAttribute('viewBox', '-50 -50 100 100')
  const arrow = page.createElementNS(names, 'path')
  arrow.setAttribute('d', 'M0 -46 L14 20 L0 10 L-14 20 Z')
  arrow.setAttribute('transform', `rotate(${(-heading * 180) / Math.PI})`)
  arrow.setAttribute('fill', '#17233a')
  const text = page.createElementNS(names, 'text')
  text.textContent = letter
  text.setAttribute('y', '48')
  text.setAttribute('text-anchor', 'middle')
  text.setAttribute('font-size', '26')
  svg.append(arrow, text)
  return svg
}
