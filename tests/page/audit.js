/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a page must have for whoever cannot see it, sees little, or has no mouse: a value of what is
 * wrong, and of how many texts were looked at. The contrast is that of WCAG 2.1, 1.4.3.
 */
(() => {
	const problems = [];
	const wrong = (words, element) =>
		problems.push(words + ": " + (element ? element.outerHTML.slice(0, 120) : ""));
	const all = (what) => [...document.querySelectorAll(what)];

	if (!document.documentElement.lang) wrong("no language");
	if (!document.title) wrong("no title");
	for (const what of ["main", "header", "footer", "nav[aria-label]", "h1"])
		if (all(what).length !== 1) wrong("not one " + what);

	let level = 0;
	for (const head of all("h1, h2, h3, h4, h5, h6")) {
		const next = Number(head.tagName[1]);
		if (next > level + 1) wrong("a level of headings is left out", head);
		if (!head.textContent.trim()) wrong("an empty heading", head);
		level = next;
	}
	const ids = all("[id]").map((element) => element.id);
	if (new Set(ids).size !== ids.length) wrong("an id twice");
	for (const element of all("[aria-labelledby]"))
		if (!document.getElementById(element.getAttribute("aria-labelledby"))?.textContent.trim())
			wrong("a label that is not there", element);
	for (const link of all("a[href^='#']"))
		if (!document.getElementById(link.hash.slice(1))) wrong("a link to nowhere", link);
	for (const element of all("a, button, summary"))
		if (!(element.ariaLabel || element.textContent).trim()) wrong("no name", element);
	for (const input of all("input, select"))
		if (!input.labels.length) wrong("no label", input);
	for (const image of all("svg, img"))
		if (image.getAttribute("role") !== "img" || !image.querySelector("title")?.textContent)
			wrong("a picture without words", image);
	for (const search of all("input[type=search]"))
		if (!search.parentElement.querySelector("[role=status]")) wrong("a search that says nothing", search);
	for (const table of all("table")) {
		if (!table.caption?.textContent.trim()) wrong("no caption", table);
		for (const head of table.querySelectorAll("th"))
			if (!["col", "row"].includes(head.scope) || !head.textContent.trim()) wrong("no scope or name", head);
		for (const row of table.rows)
			if (row.cells.length !== table.rows[0].cells.length) wrong("a row of other length", row);
	}
	for (const list of all("ul"))
		if ([...list.children].some((child) => child.tagName !== "LI")) wrong("a list of something else", list);
	for (const element of all("[tabindex]"))
		if (element.tabIndex > 0) wrong("an order of its own", element);

	/* Every text against what is behind it. */
	const numbers = (color) => color.match(/[\d.]+/g).map(Number);
	const light = (color) => {
		const [r, g, b] = color.slice(0, 3).map((c) =>
			c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const behind = (element) => {
		for (; element; element = element.parentElement) {
			const color = numbers(getComputedStyle(element).backgroundColor);
			if (color.length === 3 || color[3] === 1) return color;
			if (color[3] > 0) wrong("a colour that lets others through", element);
		}
		return [255, 255, 255];
	};
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	let texts = 0;
	while (walk.nextNode() && problems.length < 20) {
		const element = walk.currentNode.parentElement;
		if (!walk.currentNode.textContent.trim() || !element.checkVisibility()) continue;
		const style = getComputedStyle(element);
		const ink = light(numbers(element.closest("svg") ? style.fill : style.color));
		const ground = light(behind(element));
		const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
		if (contrast < 4.5) wrong("a contrast of " + contrast.toFixed(2), element);
		texts++;
	}
	return { texts, problems: problems.slice(0, 20) };
})()
