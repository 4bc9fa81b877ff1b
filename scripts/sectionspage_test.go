package scripts

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// A sectionsPage is the page that says which section stands where.
type sectionsPage struct {
	// rows are the sections that the book enforces.
	rows []*sectionRow

	// left are the sections that are knowingly left out, and leftScripts the
	// scripts that show it. nothing are those with nothing to enforce.
	left, nothing []citation
	leftScripts   []string

	// more are the scripts that a row only counts, and own those about our own
	// decisions.
	more map[citation][]string
	own  []string
}

// A sectionRow is a row of such a section.
type sectionRow struct {
	section citation
	stage   int
	files   []sectionFile

	// scripts are those that the row names, and more is how many others it counts.
	scripts []string
	more    int
}

// A sectionFile is a file of a row. A star says that it cites the section
// nowhere.
type sectionFile struct {
	stage int
	name  string
	star  bool
}

// row returns the row that is about a section, or nil.
func (page sectionsPage) row(c citation) *sectionRow {
	for _, row := range page.rows {
		if row.section.covers(c) {
			return row
		}
	}
	return nil
}

var (
	// pageLink is a link, with what may follow that of a file: a star, a stage.
	pageLink = regexp.MustCompile(`\[([^\]]*)\]\(([^)]*)\)(\\\*)?(?: \((\d)\))?`)

	// sectionLink is where the link of a section leads.
	sectionLink = regexp.MustCompile(`^https://www\.rfc-editor\.org/rfc/rfc(\d+)(?:#(?:section|appendix)-([0-9A-C.]+))?$`)

	// moreLink is the number of scripts that are not named.
	moreLink = regexp.MustCompile(`\[(\d+) more\]\(#more-scripts\)`)
)

// parseSections takes the page apart. It returns what is wrong with its form.
func parseSections(text string) (sectionsPage, []string) {
	p := sectionsParser{page: sectionsPage{more: map[citation][]string{}}}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			p.under = heading
		}
		if cells := strings.Split(strings.Trim(line, "|"), " | "); strings.HasPrefix(line, "| [") || strings.HasPrefix(line, "| RFC") || p.under == "Scripts about our own decisions" && len(cells) == 3 {
			p.row(cells)
		}
	}
	return p.page, p.problems
}

// A sectionsParser reads the page from its top to its end.
type sectionsParser struct {
	page     sectionsPage
	problems []string

	// under is the last heading.
	under string
}

// row reads a row of a table. What it means is for the heading above to say.
func (p *sectionsParser) row(cells []string) {
	switch p.under {
	case "RFC 9110", "RFC 9111", "RFC 9112", "Other documents":
		p.enforced(cells)
	case "Knowingly left out":
		p.page.left = append(p.page.left, p.sections(cells[0])...)
		p.page.leftScripts = append(p.page.leftScripts, p.scripts(cells[3])...)
	case "Nothing to enforce":
		for _, number := range strings.Split(cells[1], ", ") {
			p.page.nothing = append(p.page.nothing, citation{strings.TrimPrefix(strings.TrimSpace(cells[0]), "RFC "), number})
		}
	case "More scripts":
		for _, section := range p.sections(cells[0]) {
			p.page.more[section] = p.scripts(cells[1])
		}
	case "Scripts about our own decisions":
		p.page.own = append(p.page.own, p.scripts(cells[2])...)
	}
}

// enforced reads a row of a section that the book enforces.
func (p *sectionsParser) enforced(cells []string) {
	sections := p.sections(cells[0])
	if len(cells) != 6 || len(sections) != 1 {
		p.complain("this is no row of a section: %q", cells)
		return
	}
	row := &sectionRow{section: sections[0], scripts: p.scripts(cells[5])}
	row.stage, _ = strconv.Atoi(cells[3])
	if more := moreLink.FindStringSubmatch(cells[5]); more != nil {
		row.more, _ = strconv.Atoi(more[1])
	}
	for _, link := range pageLink.FindAllStringSubmatch(cells[4], -1) {
		file := sectionFile{stageOf(strings.TrimPrefix(link[2], "../../")), path.Base(link[2]), link[3] != ""}
		said := row.stage
		if link[4] != "" {
			said, _ = strconv.Atoi(link[4])
		}
		if link[1] != file.name || said != file.stage {
			p.complain("%s: this link says another thing than where it leads: %s", row.section, link[0])
		}
		row.files = append(row.files, file)
	}
	if heading := strings.TrimPrefix(p.under, "RFC "); heading != p.under && heading != row.section.rfc {
		p.complain("%s does not belong under %q", row.section, p.under)
	}
	p.page.rows = append(p.page.rows, row)
}

// sections returns the sections to which the links of a cell lead.
func (p *sectionsParser) sections(cell string) []citation {
	var found []citation
	for _, link := range pageLink.FindAllStringSubmatch(cell, -1) {
		m := sectionLink.FindStringSubmatch(link[2])
		if m == nil {
			p.complain("this leads to no section: %s", link[0])
			continue
		}
		c := citation{m[1], m[2]}
		if strings.HasSuffix(link[1], ".x") {
			c.number += ".x"
		}
		if link[1] != c.number && link[1] != c.String() {
			p.complain("this link says another thing than where it leads: %s", link[0])
		}
		found = append(found, c)
	}
	return found
}

// scripts returns the scripts to which the links of a cell lead.
func (p *sectionsParser) scripts(cell string) []string {
	var found []string
	for _, link := range pageLink.FindAllStringSubmatch(cell, -1) {
		name, ok := strings.CutSuffix(strings.TrimPrefix(link[2], "../"), ".txtar")
		if !ok {
			continue
		}
		if base := path.Base(name); link[1] != base && link[1] != fmt.Sprintf("%s (%d)", base, stageOf(name)) {
			p.complain("this link says another thing than where it leads: %s", link[0])
		}
		found = append(found, name)
	}
	return found
}

// complain notes what is wrong.
func (p *sectionsParser) complain(format string, a ...any) {
	p.problems = append(p.problems, fmt.Sprintf(format, a...))
}
