#include "core/screening_index.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/screening_words.hpp"

namespace entitywatch {
namespace {

using Impl = ScreeningIndex::Impl;
using screening::WordId;

// Ids and printed names into one text; the words of every name into name_words.
void take_in(Impl& index, std::vector<ScreenParty> parties) {
  std::sort(parties.begin(), parties.end(),
            [](const ScreenParty& a, const ScreenParty& b) { return a.entry_id < b.entry_id; });
  const auto here = [&] { return static_cast<std::uint32_t>(index.text.size()); };
  for (std::uint32_t p = 0; p < parties.size(); ++p) {
    const ScreenParty& party = parties[p];
    const auto first = static_cast<std::uint32_t>(index.listed_starts.size());
    const bool two = party.country_code.size() == 2;
    index.parties.push_back({here(),
                             static_cast<std::uint32_t>(party.entry_id.size()),
                             first,
                             {two ? party.country_code[0] : ' ', two ? party.country_code[1] : ' '},
                             party.list});
    index.text += party.entry_id;
    for (const std::string& listed : party.names) {
      const auto printed = static_cast<std::uint32_t>(index.listed_starts.size());
      index.listed_starts.push_back(here());
      index.text += listed;
      for (const std::string& spoken : screening::spoken_names(listed)) {
        const std::vector<std::string> words = screening::words_of(spoken);
        if (words.empty()) continue;
        index.names.push_back({p, static_cast<std::uint32_t>(index.name_words.size()), printed,
                               static_cast<std::uint32_t>(words.size()), 0});
        for (const std::string& word : words) index.name_words.push_back(index.vocabulary.add(word));
      }
    }
  }
  index.parties.push_back({here(), 0, static_cast<std::uint32_t>(index.listed_starts.size()), {}, {}});
  index.listed_starts.push_back(here());
}

// Calls visit(word) once for each distinct word of the name.
template <class Visit>
void each_word(const Impl& index, const Impl::Name& name, Visit visit) {
  const auto begin = index.name_words.begin() + name.first_word;
  for (auto word = begin; word != begin + name.words; ++word)
    if (std::find(begin, word, *word) == word) visit(*word);
}

void weigh(Impl& index, const Impl* background) {
  index.posting_starts.assign(index.vocabulary.size() + 1, 0);
  for (const Impl::Name& name : index.names)
    each_word(index, name, [&](WordId word) { ++index.posting_starts[word + 1]; });
  std::partial_sum(index.posting_starts.begin(), index.posting_starts.end(), index.posting_starts.begin());
  for (WordId word = 0; word < index.vocabulary.size(); ++word) {
    const std::string_view letters = index.vocabulary.word(word);
    const auto there = background == nullptr ? std::nullopt : background->vocabulary.find(letters);
    const std::size_t seen = index.frequency(word) + (there ? background->frequency(*there) : 0);
    index.word_weights.push_back(static_cast<float>(index.weight_of(letters, seen)));
    index.initials += letters.size() > 1 ? letters[0] : ' ';
  }
  for (Impl::Name& name : index.names)
    for (std::uint32_t i = 0; i < name.words; ++i)
      name.weight += index.word_weights[index.name_words[name.first_word + i]];
}

// Names into the order of their weight, their words with them, and the names of each word in that order.
void arrange(Impl& index) {
  std::stable_sort(index.names.begin(), index.names.end(),
                   [](const Impl::Name& a, const Impl::Name& b) { return a.weight < b.weight; });
  std::vector<WordId> words;
  words.reserve(index.name_words.size());
  for (Impl::Name& name : index.names) {
    const auto begin = index.name_words.begin() + name.first_word;
    name.first_word = static_cast<std::uint32_t>(words.size());
    words.insert(words.end(), begin, begin + name.words);
  }
  index.name_words = std::move(words);
  index.postings.resize(index.posting_starts.back());
  std::vector<std::uint32_t> next(index.posting_starts.begin(), index.posting_starts.end() - 1);
  for (NameId id = 0; id < index.names.size(); ++id)
    each_word(index, index.names[id], [&](WordId word) { index.postings[next[word]++] = id; });
}

}  // namespace

double Impl::weight_of(std::string_view word, std::size_t frequency) const {
  const double all = static_cast<double>(names.size() + background_names) + 2.0;
  return (std::log(all / (static_cast<double>(frequency) + 1.0)) + 1.0) * screening::word_factor(word);
}

std::string_view Impl::printed(std::uint32_t party, std::uint32_t listed) const {
  // The last name of a party ends where the id of the next one begins.
  const bool last = listed + 1 == parties[party + 1].first_listed;
  const std::uint32_t end = last ? parties[party + 1].id_start : listed_starts[listed + 1];
  return std::string_view(text).substr(listed_starts[listed], end - listed_starts[listed]);
}

ScreeningIndex::ScreeningIndex(std::vector<ScreenParty> parties,
                               std::shared_ptr<const ScreeningIndex> background)
    : background_(std::move(background)) {
  auto index = std::make_unique<Impl>();
  const Impl* behind = background_ ? background_->impl_.get() : nullptr;
  index->background_names = behind == nullptr ? 0 : behind->names.size();
  take_in(*index, std::move(parties));
  index->vocabulary.finish();
  weigh(*index, behind);
  arrange(*index);
  index->text.shrink_to_fit();
  index->parties.shrink_to_fit();
  index->listed_starts.shrink_to_fit();
  index->names.shrink_to_fit();
  impl_ = std::move(index);
}

ScreeningIndex::~ScreeningIndex() = default;

std::vector<ScreenHit> ScreeningIndex::search(const ScreenQuery& query, const Hidden& hidden) const {
  return search_index(*impl_, background_ ? background_->impl_.get() : nullptr, query, hidden);
}

void ScreeningIndex::each_party(const std::function<void(ScreenParty)>& visit) const {
  for (std::uint32_t p = 0; p + 1 < impl_->parties.size(); ++p) {
    const Impl::Party& party = impl_->parties[p];
    ScreenParty out{std::string(impl_->entry_id(p)), party.list, {}, {}};
    if (party.country[0] != ' ') out.country_code.assign(party.country.begin(), party.country.end());
    for (std::uint32_t listed = party.first_listed; listed < impl_->parties[p + 1].first_listed; ++listed)
      out.names.emplace_back(impl_->printed(p, listed));
    visit(std::move(out));
  }
}

std::size_t ScreeningIndex::names() const { return impl_->names.size(); }

std::size_t ScreeningIndex::memory_bytes() const {
  const Impl& i = *impl_;
  return i.text.capacity() + i.parties.capacity() * sizeof(Impl::Party) +
         i.names.capacity() * sizeof(Impl::Name) +
         4 * (i.listed_starts.capacity() + i.name_words.capacity() + i.word_weights.capacity() +
              i.posting_starts.capacity() + i.postings.capacity()) +
         i.vocabulary.memory_bytes();
}

}  // namespace entitywatch
