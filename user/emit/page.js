/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sorts, searches and copies what stands in the page already. It makes elements of its own words alone
 * and never parses text as HTML.
 */
"use strict";

const make = (name, text, parent) => {
	const element = document.createElement(name);
	if (text) element.textContent = text;
	if (parent) parent.append(element);
	return element;
};

/* A row of tools, with a line that is read out when it changes. */
const tool = (place) => {
	const row = make("div");
	row.className = "tool";
	place.before(row);
	return row;
};
const status_of = (row) => {
	const line = make("span", "", row);
	line.setAttribute("role", "status");
	line.className = "muted";
	return line;
};

/* ---- sorting ---- */
const value = (row, column) => {
	const cell = row.cells[column];
	return cell.dataset.v === undefined ? cell.textContent : BigInt(cell.dataset.v);
};
const compare = (a, b) => {
	if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
	return typeof a === "bigint" ? 1 : -1;
};
const sort = (table, column) => {
	const head = table.tHead.rows[0].cells[column];
	const rows = [...table.tBodies[0].rows].map((row) => [value(row, column), row]);
	const was = head.getAttribute("aria-sort");
	const down = was ? was === "ascending" : head.classList.contains("number");
	for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
	head.setAttribute("aria-sort", down ? "descending" : "ascending");
	rows.sort((a, b) => (down ? compare(b[0], a[0]) : compare(a[0], b[0])));
	table.tBodies[0].append(...rows.map((row) => row[1]));
};
for (const table of document.querySelectorAll("table")) {
	if (table.tBodies[0].rows.length < 2) continue;
	[...table.tHead.rows[0].cells].forEach((head, column) => {
		const button = make("button", head.textContent);
		button.type = "button";
		button.addEventListener("click", () => sort(table, column));
		head.replaceChildren(button);
	});
}

/* ---- searching ---- */
let labels = 0;
const search = (place, words, find) => {
	const row = tool(place);
	const label = make("label", words, row);
	const input = make("input", "", row);
	const line = status_of(row);
	let timer;
	label.htmlFor = input.id = "search" + ++labels;
	input.type = "search";
	input.autocomplete = "off";
	input.addEventListener("input", () => {
		clearTimeout(timer);
		timer = setTimeout(() => { line.textContent = find(input.value.toLowerCase().trim()); }, 150);
	});
};
for (const place of document.querySelectorAll(".searchable")) {
	const rows = [...place.querySelector("tbody").rows];
	const texts = rows.map((row) => [...row.cells].map((cell) => cell.textContent).join(" ").toLowerCase());
	search(place, "Search calls", (words) => {
		let shown = 0;
		rows.forEach((row, i) => {
			row.hidden = !texts[i].includes(words);
			shown += !row.hidden;
		});
		return words ? `${shown} of ${rows.length} calls` : "";
	});
}

/* Whole paths are made of the parts in the tree, once somebody asks. */
const whole = (list, before, ret) => {
	for (const item of list.children) {
		const below = item.firstElementChild;
		if (below.tagName === "DETAILS") {
			const path = before + below.querySelector("summary > code").textContent;
			whole(below.lastElementChild, path, ret);
		} else {
			ret.push([item, (before + item.children[1].textContent).toLowerCase()]);
		}
	}
	return ret;
};
const found_max = 500;
for (const tree of document.querySelectorAll(".tree")) {
	const top = tree.firstElementChild;
	let leaves;
	search(tree, "Search files", (words) => {
		let shown = 0;
		leaves = leaves || whole(top, "", []);
		const dirs = [...tree.querySelectorAll("details")];
		for (const dir of dirs) {
			dir.open = words ? false : dir.parentElement.parentElement === top;
			dir.parentElement.hidden = Boolean(words);
		}
		for (const [item, path] of leaves) {
			item.hidden = !path.includes(words);
			if (item.hidden || !words) continue;
			shown++;
			for (let dir = item.parentElement.closest("details"); dir && dir.parentElement.hidden;
				dir = dir.parentElement.closest("details"))
				dir.parentElement.hidden = false;
			if (shown > found_max) continue;
			for (let dir = item.parentElement.closest("details"); dir && !dir.open;
				dir = dir.parentElement.closest("details"))
				dir.open = true;
		}
		return words ? `${shown} of ${leaves.length} files` : "";
	});
}

/* ---- copying ---- */
const select = (text) => {
	const range = document.createRange();
	range.selectNodeContents(text);
	getSelection().removeAllRanges();
	getSelection().addRange(range);
};
for (const text of document.querySelectorAll("pre.copy")) {
	const row = tool(text);
	const button = make("button", "Copy", row);
	const line = status_of(row);
	button.type = "button";
	button.setAttribute("aria-label", "Copy the " + text.getAttribute("aria-label"));
	button.addEventListener("click", async () => {
		try {
			await navigator.clipboard.writeText(text.textContent);
			line.textContent = "Copied.";
		} catch {
			select(text);
			line.textContent = "Selected: copy it with Ctrl+C.";
		}
	});
}

/* ---- printing: what is folded in, but long lists ---- */
let opened = [];
addEventListener("beforeprint", () => {
	opened = [...document.querySelectorAll("details[data-print]:not([open])")];
	for (const each of opened) each.open = true;
});
addEventListener("afterprint", () => {
	for (const each of opened) each.open = false;
});
