#include "parsers/fr_tree.hpp"

#include <algorithm>
#include <charconv>

#include "core/text.hpp"
#include "parsers/xml_sax.hpp"

namespace entitywatch::parsers {
namespace {

constexpr XmlLimits limits{256u << 20, 200};

bool is_document(std::string_view name) {
  return name == "RULE" || name == "PRORULE" || name == "NOTICE" || name == "CORRECT";
}

// Elements whose words are no part of the running text around them.
bool is_aside(std::string_view name) {
  return name == "PRTPAGE" || name == "FTNT" || name == "FTREF" || name == "GPH" || name == "MATH" ||
         name == "GID";
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value <= 0) return std::nullopt;
  return value;
}

std::optional<Date> issue_date_in(std::string_view text) {
  // "Friday, April 15, 2016"
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  return parse_printed_date(text::trim(text.substr(comma + 1)));
}

class Builder final : public XmlHandler {
 public:
  Builder(const std::function<void(const FrSource&)>& each, const std::function<bool(const FrNode&)>& wanted)
      : each_(each), wanted_(wanted) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    if (!seen_root_) {
      seen_root_ = true;
      root_is_known_ = is_document(name) || name == "FEDREG";
    }
    if (name == "PRTPAGE") mark_page(attributes.get("P"));
    if (passed_over_ > 0) {
      ++passed_over_;
      return;
    }
    if (open_.empty()) {
      if (!is_document(name)) {
        outside_ = name;
        outside_text_.clear();
        return;
      }
      current_ = {};
      current_.volume = volume_;
      current_.issue_date = issue_date_;
      current_.page = page_;
      words_seen_ = false;
      current_.root.name = name;
      open_.push_back(&current_.root);
    } else {
      FrNode& child = open_.back()->children.emplace_back();
      child.name = name;
      open_.push_back(&child);
    }
    for (const XmlAttribute& a : attributes) open_.back()->attributes.emplace_back(a.name, a.value);
  }

  void end(std::string_view name) override {
    if (passed_over_ > 0) {
      --passed_over_;
      return;
    }
    if (open_.empty()) {
      read_outside(name);
      return;
    }
    open_.pop_back();
    if (open_.size() == 1 && name == "PREAMB" && !wanted_(current_.root)) {
      open_.clear();
      current_ = {};
      passed_over_ = 1;
      return;
    }
    if (open_.empty()) {
      each_(current_);
      current_ = {};
    }
  }

  void text(std::string_view characters) override {
    if (passed_over_ > 0) return;
    if (open_.empty()) {
      constexpr std::size_t enough = 200;
      if (outside_text_.size() < enough) outside_text_ += characters;
      return;
    }
    std::vector<FrNode>& siblings = open_.back()->children;
    if (siblings.empty() || !siblings.back().is_text()) siblings.emplace_back();
    siblings.back().text += characters;
    if (!words_seen_) words_seen_ = characters.find_first_not_of(" \t\r\n") != std::string_view::npos;
  }

  [[nodiscard]] bool root_is_known() const { return root_is_known_; }

 private:
  void mark_page(std::string_view attribute) {
    const auto page = number(attribute);
    if (!page) return;
    page_ = page;
    // A page mark before the first word of a document is the page the document begins on.
    if (!open_.empty() && !words_seen_) current_.page = page;
  }

  void read_outside(std::string_view name) {
    if (name != outside_) return;
    if (name == "VOL") volume_ = number(text::trim(outside_text_)).value_or(0);
    if (name == "DATE" && !issue_date_) issue_date_ = issue_date_in(text::collapse(outside_text_));
    outside_.clear();
  }

  const std::function<void(const FrSource&)>& each_;
  const std::function<bool(const FrNode&)>& wanted_;
  std::size_t passed_over_ = 0;  // elements still open of a document nobody wants
  FrSource current_;
  // Pointers into vectors stay valid: only the innermost open element grows.
  std::vector<FrNode*> open_;
  bool seen_root_ = false;
  bool root_is_known_ = false;
  bool words_seen_ = false;
  std::string outside_;
  std::string outside_text_;
  int volume_ = 0;
  std::optional<Date> issue_date_;
  std::optional<int> page_;
};

void append_words(const FrNode& node, std::string& out) {
  for (const FrNode& child : node.children) {
    if (child.is_text()) {
      out += child.text;
    } else if (is_aside(child.name)) {
      out += ' ';
    } else {
      // Block elements part words; inline ones do not.
      const bool is_inline = child.is("E") || child.is("SU") || child.is("I") || child.is("B") ||
                             child.is("AC") || child.is("SUB") || child.is("FR");
      if (!is_inline) out += ' ';
      append_words(child, out);
      if (!is_inline) out += ' ';
    }
  }
}

bool is_ordinal(std::string_view superscript) {
  const std::string lower = text::fold(superscript);
  return lower == "st" || lower == "nd" || lower == "rd" || lower == "th";
}

bool is_designation(std::string_view superscript) {
  return !superscript.empty() && superscript.find_first_not_of("0123456789 ,") == std::string_view::npos;
}

void drop_trailing_space(std::string& text) {
  while (!text.empty() &&
         (text.back() == ' ' || text.back() == '\n' || text.back() == '\t' || text.back() == '\r'))
    text.pop_back();
}

class LineReader {
 public:
  CellLines read(const FrNode& cell) {
    walk(cell);
    new_line();
    return std::move(out_);
  }

 private:
  void walk(const FrNode& node) {
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const FrNode& child = node.children[i];
      if (child.is_text()) {
        add(child.text);
      } else if (child.is("FR")) {
        fraction(running_text(child));
      } else if (child.is("SU") && i + 1 < node.children.size() && starts_with_slash(node.children[i + 1])) {
        fraction(running_text(child));
      } else if (child.is("LI") || child.is("P") || child.is("FP")) {
        new_line();
        walk(child);
        new_line();
      } else if (child.is("SU")) {
        superscript(running_text(child));
      } else if (is_aside(child.name)) {
        add(" ");
      } else {
        walk(child);
      }
    }
  }

  // The upper half of a fraction is no footnote: <SU>4</SU>⁄5.
  static bool starts_with_slash(const FrNode& next) {
    return next.is_text() && (next.text.starts_with("⁄") || next.text.starts_with("/"));
  }

  // 11<FR>1/2</FR> is eleven and a half.
  void fraction(const std::string& words) {
    if (!line_.empty() && line_.back() >= '0' && line_.back() <= '9') line_ += ' ';
    line_ += words;
  }

  void add(std::string_view words) {
    if (glue_) {
      const std::size_t first = words.find_first_not_of(" \t\r\n");
      if (first == std::string_view::npos) return;
      // The words after a superscript go on where the line broke inside the markup.
      line_ += ' ';
      words.remove_prefix(first);
      glue_ = false;
    }
    line_ += words;
  }

  void superscript(const std::string& words) {
    if (is_designation(words)) {
      out_.designations.push_back(words);
      if (words.starts_with(',')) line_ += ',';
      return;
    }
    if (is_ordinal(words)) drop_trailing_space(line_);
    line_ += words;
    glue_ = is_ordinal(words);
  }

  void new_line() {
    if (std::string line = text::collapse(line_); !line.empty()) out_.lines.push_back(std::move(line));
    line_.clear();
    glue_ = false;
  }

  std::string line_;
  bool glue_ = false;
  CellLines out_;
};

}  // namespace

std::string_view FrNode::attribute(std::string_view key) const {
  const auto found =
      std::ranges::find(attributes, key, [](const auto& a) -> std::string_view { return a.first; });
  return found == attributes.end() ? std::string_view{} : std::string_view(found->second);
}

const FrNode* FrNode::child(std::string_view element) const {
  const auto found = std::ranges::find_if(children, [&](const FrNode& n) { return n.is(element); });
  return found == children.end() ? nullptr : &*found;
}

const FrNode* find_node(const FrNode& root, std::string_view element) {
  if (root.is(element)) return &root;
  for (const FrNode& child : root.children)
    if (const FrNode* found = find_node(child, element)) return found;
  return nullptr;
}

std::vector<const FrNode*> find_nodes(const FrNode& root, std::string_view element) {
  std::vector<const FrNode*> out;
  if (root.is(element)) out.push_back(&root);
  for (const FrNode& child : root.children) {
    const std::vector<const FrNode*> below = find_nodes(child, element);
    out.insert(out.end(), below.begin(), below.end());
  }
  return out;
}

std::string running_text(const FrNode& node) {
  std::string out;
  append_words(node, out);
  return text::collapse(out);
}

CellLines cell_lines(const FrNode& cell) { return LineReader().read(cell); }

Result<void> walk_documents(std::string_view xml, const std::function<void(const FrSource&)>& each,
                            const std::function<bool(const FrNode&)>& wanted) {
  Builder builder(each, wanted);
  if (auto parsed = parse_xml(xml, builder, limits); !parsed) return parsed;
  if (!builder.root_is_known())
    return fail(ErrorCode::malformed,
                "the XML is no Federal Register document: its root is neither a document nor an issue");
  return {};
}

}  // namespace entitywatch::parsers
