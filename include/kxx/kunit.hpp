/* SPDX-License-Identifier: GPL-2.0 */
/* kunit.hpp - KUnit for a module outside of this tree: includes kunit/kunit.hpp */
#pragma once

#include "../../kunit/kunit.hpp"
