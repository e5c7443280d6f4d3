/** Noto Sans SC from the bundle: the browser loads only the character subsets and weights that a page shows. */
import '@fontsource/noto-sans-sc/400.css'
import '@fontsource/noto-sans-sc/500.css'
import '@fontsource/noto-sans-sc/700.css'
