// The page's theme before anything is drawn, by its address: the wall would flash white otherwise. The application sets it for good.
if (location.pathname === '/' || location.pathname === '/brain') document.documentElement.dataset.theme = 'wall'
