#include "core/screening_query.hpp"

#include <algorithm>
#include <optional>

#include "core/screening_words.hpp"

namespace entitywatch::screening {
namespace {

using Impl = ScreeningIndex::Impl;

constexpr double joined_likeness = 0.97;  // "Hua Wei" for "Huawei": a little less than the very same words
constexpr std::size_t longest_joined = 24;
constexpr std::size_t least_part = 2;

std::uint64_t bit(std::size_t i) { return std::uint64_t{1} << i; }

class Asking {
 public:
  Asking(const Impl& index, const Impl* background) : index_(index), background_(background) {}

  Asked of(std::string_view name) {
    for (std::string& word : words_of(name)) out_.words.emplace_back().word = std::move(word);
    for (std::size_t i = 0; i < out_.words.size(); ++i) add_word(i);
    for (std::size_t i = 0; i < out_.words.size(); ++i) {
      add_joined(i, 2);
      add_joined(i, 3);
      add_parted(i);
    }
    settle();
    return std::move(out_);
  }

 private:
  [[nodiscard]] double weight_of_unknown(std::string_view word) const {
    const auto there = background_ == nullptr ? std::nullopt : background_->vocabulary.find(word);
    const double weight = index_.weight_of(word, there ? background_->frequency(*there) : 0);
    // A word this short that no list knows is a damaged filler rather than a name.
    return word.size() <= 2 && !there ? 0.4 * weight : weight;
  }

  // A misspelt word weighs what the word weighs that it most likely was.
  [[nodiscard]] double weight_of(std::string_view word, std::optional<WordId> exact,
                                 const std::vector<Alike>& alike) const {
    if (exact) return index_.word_weights[*exact];
    const Alike* likeliest = nullptr;
    for (const Alike& a : alike) {
      const bool better =
          likeliest == nullptr || a.likeness > likeliest->likeness ||
          (a.likeness == likeliest->likeness && index_.frequency(a.word) > index_.frequency(likeliest->word));
      if (better) likeliest = &a;
    }
    return likeliest == nullptr ? weight_of_unknown(word) : index_.word_weights[likeliest->word];
  }

  void add_word(std::size_t i) {
    AskedWord& asked = out_.words[i];
    const auto exact = index_.vocabulary.find(asked.word);
    const bool may_be_misspelt = asked.word.size() >= 2 && !is_filler(asked.word);
    const std::vector<Alike> alike =
        may_be_misspelt ? index_.vocabulary.alike(asked.word) : std::vector<Alike>{};
    asked.weight = weight_of(asked.word, exact, alike);
    out_.weight += asked.weight;
    known_.push_back(exact ? Known::exactly : alike.empty() ? Known::no : Known::by_spelling);
    if (exact) add({*exact, no_word, bit(i), 1.0, asked.weight, index_.word_weights[*exact], true});
    for (const Alike& a : alike) {
      const bool leads = a.likeness >= 0.8;
      add({a.word, no_word, bit(i), a.likeness, a.likeness * asked.weight,
           a.likeness * index_.word_weights[a.word], leads});
    }
    asked.is_initial = asked.word.size() == 1 && asked.word[0] >= 'a' && asked.word[0] <= 'z';
    if (asked.is_initial) {
      out_.initials |= bit(i);
      asked.unled_of_query = initial_likeness * asked.weight;
      asked.unled_of_name = initial_likeness * initial_weight;
    } else if (const auto initial = index_.vocabulary.find(std::string_view(asked.word).substr(0, 1));
               initial && asked.word.size() > 1) {
      add({*initial, no_word, bit(i), initial_likeness,
           initial_likeness * std::min(asked.weight, initial_weight),
           initial_likeness * index_.word_weights[*initial], false});
    }
  }

  // "Hua Wei" asked, "Huawei" listed.
  void add_joined(std::size_t first, std::size_t count) {
    if (first + count > out_.words.size()) return;
    std::string joined;
    std::uint64_t mask = 0;
    double weight = 0;
    bool all_known = true;
    std::size_t letters = 0;
    for (std::size_t i = first; i < first + count; ++i) {
      const std::string& word = out_.words[i].word;
      if (is_filler(word)) return;
      joined += word;
      mask |= bit(i);
      weight += out_.words[i].weight;
      all_known = all_known && known_[i] == Known::exactly;
      letters += word.size() == 1 ? 1 : 0;
    }
    if (joined.size() > longest_joined || joined.size() < 3) return;
    const auto take = [&](WordId word, double likeness) {
      add({word, no_word, mask, likeness, likeness * weight, likeness * index_.word_weights[word], true});
    };
    if (const auto exact = index_.vocabulary.find(joined)) take(*exact, joined_likeness);
    if (all_known || joined.size() < 6 || count > 2 || letters > 0) return;
    for (const Alike& a : index_.vocabulary.alike(joined))
      if (a.likeness >= 0.8) take(a.word, joined_likeness * a.likeness);
  }

  // "Huawei" asked, "Hua Wei" listed; where the word is not known at all, one half may be misspelt.
  void add_parted(std::size_t i) {
    const AskedWord& asked = out_.words[i];
    const std::string_view word = asked.word;
    if (word.size() < 2 * least_part + 1 || word.size() > longest_joined || is_filler(word)) return;
    for (std::size_t cut = least_part; cut + least_part <= word.size(); ++cut) {
      const std::string_view left = word.substr(0, cut);
      const std::string_view right = word.substr(cut);
      const auto first = index_.vocabulary.find(left);
      const auto second = index_.vocabulary.find(right);
      if (first && second) take_parted(i, *first, *second, joined_likeness);
      if (known_[i] != Known::no || cut < 3 || word.size() - cut < 3) continue;
      if (first && !second)
        for (const Alike& a : index_.vocabulary.alike(right))
          if (a.likeness >= 0.8) take_parted(i, *first, a.word, joined_likeness * a.likeness);
      if (second && !first)
        for (const Alike& a : index_.vocabulary.alike(left))
          if (a.likeness >= 0.8) take_parted(i, a.word, *second, joined_likeness * a.likeness);
    }
  }

  void take_parted(std::size_t i, WordId first, WordId second, double likeness) {
    const double weight = index_.word_weights[first] + index_.word_weights[second];
    add({first, second, bit(i), likeness, likeness * out_.words[i].weight, likeness * weight, true});
  }

  void add(const Match& match) { out_.matches.push_back(match); }

  // Which names each word leads to, and the most it can bring.
  void settle() {
    for (const Match& match : out_.matches)
      for (std::size_t i = 0; i < out_.words.size(); ++i) {
        if ((match.asked & bit(i)) == 0) continue;
        AskedWord& asked = out_.words[i];
        const double of_query = std::min(match.of_query, match.likeness * asked.weight);
        asked.most_of_query = std::max(asked.most_of_query, of_query);
        asked.most_of_name = std::max(asked.most_of_name, match.of_name);
        if (!match.leads) {
          asked.unled_of_query = std::max(asked.unled_of_query, of_query);
          asked.unled_of_name = std::max(asked.unled_of_name, match.of_name);
          continue;
        }
        add_lead(asked, match);
      }
    for (AskedWord& asked : out_.words) {
      asked.most_of_query = std::max(asked.most_of_query, asked.unled_of_query);
      asked.most_of_name = std::max(asked.most_of_name, asked.unled_of_name);
    }
    std::stable_sort(out_.matches.begin(), out_.matches.end(),
                     [](const Match& a, const Match& b) { return a.word < b.word; });
  }

  // Where a word leads to names in several ways, the most that any of them brings bounds them all.
  void add_lead(AskedWord& asked, Match match) {
    // Both halves stand in the name: the rarer one leads to it.
    if (match.next != no_word && index_.frequency(match.next) < index_.frequency(match.word))
      match.word = match.next;
    const auto same = std::find_if(asked.leads.begin(), asked.leads.end(),
                                   [&](const Match& m) { return m.word == match.word; });
    if (same != asked.leads.end()) {
      same->of_query = std::max(same->of_query, match.of_query);
      same->of_name = std::max(same->of_name, match.of_name);
      return;
    }
    asked.leads.push_back(match);
    asked.names += index_.frequency(match.word);
  }

  enum class Known { exactly, by_spelling, no };
  const Impl& index_;
  const Impl* background_;
  Asked out_;
  std::vector<Known> known_;
};

}  // namespace

Asked ask(const Impl& index, const Impl* background, std::string_view name) {
  return Asking(index, background).of(name);
}

}  // namespace entitywatch::screening
