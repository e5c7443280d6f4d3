/** What the widget says on itself, by code, in the page's language; what it has no words for is said as it came. */
export type Language = 'zh' | 'en'

/** Facts that a sentence may need. */
export interface Facts {
  url?: string
  count?: number
  names?: string
  origin?: string
}

type Words = Record<Language, (facts: Facts) => string>

const host = (url = '') => {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}

const SENTENCES: Record<string, Words> = {
  connecting: { zh: ({ url }) => `正在等待 ${host(url)} 的园区数据，网络较慢……`, en: ({ url }) => `Waiting for ${host(url)}: the network is slow …` },
  unreachable: {
    zh: ({ url }) => `无法连接 ${host(url)}：服务器未运行，或不允许本页面嵌入。正在自动重试。`,
    en: ({ url }) => `${host(url)} cannot be reached: it is not running, or does not let this page embed it. Trying again.`,
  },
  lost: {
    zh: () => '与服务器的连接已断开，正在自动重连。画面仍可浏览，实时值暂不更新。',
    en: () => 'The connection to the server is lost; trying again. You can go on looking around; live values stand still.',
  },
  'content-type': {
    zh: ({ url }) => `${host(url)} 的应答不是园区数据：请检查 src 是否为园区服务器的地址。`,
    en: ({ url }) => `${host(url)} answered what is no park: check that src is the address of a park's server.`,
  },
  src: { zh: ({ url }) => `src="${url ?? ''}" 不是有效地址，应形如 https://park.example.org。`, en: ({ url }) => `src="${url ?? ''}" is no address: expected for example https://park.example.org.` },
  'token-expired': { zh: () => '本页面的访问令牌已过期：请向园区管理员索取新的令牌。', en: () => 'The token of this page has expired: ask the park’s administrator for a new one.' },
  'token-revoked': { zh: () => '本页面的访问令牌已被吊销：请向园区管理员索取新的令牌。', en: () => 'The token of this page was revoked: ask the park’s administrator for a new one.' },
  'token-unknown': { zh: () => '本页面的访问令牌无效：请检查 token 是否完整。', en: () => 'The token of this page is not known: check that token is complete.' },
  'token-permission': { zh: () => '本页面的访问令牌不含实时值：园区仍可浏览。', en: () => 'The token of this page opens no live values; you can go on looking around.' },
  'not-signed-in': { zh: () => '需要访问令牌或登录才能查看这个园区。', en: () => 'This park needs a token, or signing in.' },
  origin: {
    zh: ({ origin }) => `本页面（${origin ?? ''}）不在令牌允许的来源之中：请园区管理员签发时加入。`,
    en: ({ origin }) => `This page (${origin ?? ''}) is none that its token is for: the park’s administrator must name it.`,
  },
  tile: {
    zh: ({ count, names }) => `${names ?? ''} 有 ${count ?? 1} 个瓦片缺失或损坏，这些位置显示不完整；其余部分正常。`,
    en: ({ count, names }) => `${names ?? ''}: ${count ?? 1} tiles are missing or broken and leave gaps; all the rest is shown.`,
  },
  tileset: { zh: ({ names }) => `图层 ${names ?? ''} 无法读取，未显示；其余图层正常。`, en: ({ names }) => `Layer ${names ?? ''} cannot be read and is not shown; all others are.` },
  empty: { zh: () => '园区里还没有可显示的图层：发布图层后会自动出现在这里。', en: () => 'There is no layer to show yet: layers appear here once they are published.' },
  gone: {
    zh: ({ count, names }) => `新发布的内容中没有 ${names ?? ''}（共 ${count ?? 1} 个）：对它们的选择、隔离和着色已取消。`,
    en: ({ count, names }) => `What is published now does not have ${names ?? ''} (${count ?? 1} in all): their selection, isolation and colours are dropped.`,
  },
  'no-layer': { zh: ({ names }) => `没有名为 ${names ?? ''} 的图层；其余图层照常显示。`, en: ({ names }) => `There is no layer ${names ?? ''}; the others are shown.` },
  view: { zh: () => 'view 的值无法使用，已显示全景。应为 home 或六个数字 x,y,z,tx,ty,tz（米）。', en: () => 'The value of view cannot be used; the whole park is shown. Expected home, or six numbers x,y,z,tx,ty,tz in metres.' },
  'no-points': { zh: () => '场景中没有这一类测点，未按实时值着色。', en: () => 'No such point stands on an object here: nothing is coloured by live values.' },
  'no-live': { zh: () => '这个园区没有实时数据。', en: () => 'This park runs without live values.' },
  'context-lost': { zh: () => '显卡暂时收回了绘图资源，空闲后画面会自动恢复。', en: () => 'The graphics card took the drawing context away; the picture comes back when it is free.' },
  plugin: { zh: () => '本页面附加的一个插件出错，已停用；其余部分正常。', en: () => 'A plugin of this page failed and was ended; the rest goes on.' },
  webgl: { zh: () => '浏览器未提供 WebGL 2：请开启硬件加速或使用新版浏览器。', en: () => 'This browser gives no WebGL 2: turn on hardware acceleration or use a current one.' },
}
SENTENCES.timeout = SENTENCES['http-502'] = SENTENCES['http-503'] = SENTENCES['http-504'] = SENTENCES.unreachable as Words

/** The sentence of a code; `fallback` where there is none. */
export function sentence(code: string, facts: Facts, language: Language, fallback: string): string {
  return SENTENCES[code]?.[language](facts) ?? fallback
}

/** What the stage is called, and the keys that it takes. */
export function stageLabel(park: { name: string; name_en: string } | null, language: Language): string {
  if (language === 'zh') return `${park?.name ?? '园区'}三维场景：方向键平移，Q 和 E 旋转，加减键远近`
  return `Three-dimensional view of ${park ? park.name_en || park.name : 'the park'}: arrow keys move, Q and E turn, plus and minus go nearer and farther`
}

/** Chinese or English: by the nearest lang attribute, else by the browser. */
export function languageOf(element: Element): Language {
  const lang = element.closest('[lang]')?.getAttribute('lang') || navigator.language
  return lang.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}
