/** One button: the other language, in its own word. */
import { Button } from 'antd'

import { setLanguage } from '../i18n'
import { useText } from '../i18n/use-text'
import { useToast } from './toast'

/** `short`: a letter or two, where there is little room. */
export function LanguageSwitch({ short = false }: { short?: boolean }) {
  const { language } = useText()
  const toast = useToast()
  const other = language === 'zh' ? 'en' : 'zh'
  return (
    <Button
      type="text"
      lang={other === 'en' ? 'en' : 'zh-CN'}
      aria-label={other === 'en' ? 'English' : '中文'}
      onClick={() => setLanguage(other).catch(toast.problem)}
    >
      {other === 'en' ? (short ? 'EN' : 'English') : short ? '中' : '中文'}
    </Button>
  )
}
